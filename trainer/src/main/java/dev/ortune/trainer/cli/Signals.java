package dev.ortune.trainer.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The operating system's signals. Java's only way to them is {@code sun.misc.Signal}, which its compiler warns of without
 * fail; so it is called by reflection.
 */
final class Signals {
    private Signals() {}

    /**
     * Has a signal handled.
     *
     * @param name without SIG
     * @param handler takes the signal's number, in a thread of its own
     * @return closed, it brings back what was before; nothing where the system has no such signal or Java may not have
     *     it
     */
    static Optional<AutoCloseable> handle(String name, IntConsumer handler) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = type.getMethod("handle", type, handlerType);
            Object signal = type.getConstructor(String.class).newInstance(name);
            int number = (Integer) type.getMethod("getNumber").invoke(signal);
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, calling(handler, number));
            Object before = handle.invoke(null, signal, proxy);
            return Optional.of(() -> handle.invoke(null, signal, before));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private static InvocationHandler calling(IntConsumer handler, int number) {
        return (self, method, arguments) -> {
            if (method.getName().equals("handle")) {
                handler.accept(number);
                return null;
            }
            return method.invoke(handler, arguments);
        };
    }
}
