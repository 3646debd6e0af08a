package dev.decant.opus;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Binds {@link LibOpus} to any number of libraries at once, each through a hidden class of its own.
 *
 * <p>A class that is no longer bound is used again: JNA keeps every class it was ever given in a map, so that a new one
 * for each library would grow without end.
 */
final class LibOpusBindings {
    private static final Deque<LibOpus> UNBOUND = new ArrayDeque<>();

    private LibOpusBindings() {}

    /**
     * @throws UnsatisfiedLinkError if the library lacks a function; the message names it
     */
    static synchronized LibOpus bind(NativeLibrary library) {
        LibOpus binding = UNBOUND.isEmpty() ? define() : UNBOUND.pop();
        try {
            Native.register(binding.getClass(), library);
        } catch (LinkageError e) {
            UNBOUND.push(binding);
            throw e;
        }
        return binding;
    }

    /** The caller sees to it that no thread is in the binding, and none calls it again. */
    static synchronized void unbind(LibOpus binding) {
        Native.unregister(binding.getClass());
        UNBOUND.push(binding);
    }

    /** The classes that are not bound now: when no library is open, all of them. */
    static synchronized List<Class<?>> classes() {
        return UNBOUND.stream().<Class<?>>map(LibOpus::getClass).toList();
    }

    private static LibOpus define() {
        try (InputStream pattern = LibOpusBinding.class.getResourceAsStream("LibOpusBinding.class")) {
            MethodHandles.Lookup hidden = MethodHandles.lookup().defineHiddenClass(pattern.readAllBytes(), true);
            return (LibOpus) hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (IOException e) {
            throw new UncheckedIOException("LibOpusBinding.class cannot be read from the class path", e);
        } catch (Throwable e) {
            throw new IllegalStateException("The binding to libopus cannot be defined", e);
        }
    }
}
