package dev.decant;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls between packages, of both modules. */
@AnalyzeClasses(packages = "dev.decant", importOptions = DoNotIncludeTests.class)
class WallsTest {
    private static final String[] CONNECTORS = {
        "dev.decant.audio..",
        "dev.decant.container..",
        "dev.decant.file..",
        "dev.decant.kafka..",
        "dev.decant.monitoring..",
        "dev.decant.rtp..",
        "dev.decant.shard.."
    };
    private static final String[] JOB = {
        "dev.decant.opus..", "dev.decant.decode..", "dev.decant.job..", "dev.decant.local.."
    };

    @ArchTest
    static final ArchRule connectorsNeverReachTheJob = noClasses()
            .that()
            .resideInAnyPackage(CONNECTORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JOB);

    @ArchTest
    static final ArchRule onlyOpusTouchesJna = noClasses()
            .that()
            .resideOutsideOfPackage("dev.decant.opus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule onlyShardsTouchParquet = noClasses()
            .that()
            .resideOutsideOfPackage("dev.decant.shard..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.parquet..");

    @ArchTest
    static final ArchRule onlyOpusTouchesThePureJavaEngine = noClasses()
            .that()
            .resideOutsideOfPackage("dev.decant.opus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.jaredmdobson..");

    /** Decoders live in processes that have no Flink. */
    @ArchTest
    static final ArchRule opusNeedsNoFlink = noClasses()
            .that()
            .resideInAPackage("dev.decant.opus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule theVocabularyKnowsNobody = noClasses()
            .that()
            .resideInAPackage("dev.decant.audio..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.decant.container..",
                    "dev.decant.file..",
                    "dev.decant.kafka..",
                    "dev.decant.monitoring..",
                    "dev.decant.rtp..",
                    "dev.decant.shard..",
                    "dev.decant.opus..",
                    "dev.decant.decode..",
                    "dev.decant.job..",
                    "dev.decant.local..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.decant.(*)..").should().beFreeOfCycles();
}
