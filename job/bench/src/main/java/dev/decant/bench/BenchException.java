package dev.decant.bench;

/** Something the benchmarks need is missing or broken; the message is one sentence for whoever ran them. */
final class BenchException extends RuntimeException {
    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
