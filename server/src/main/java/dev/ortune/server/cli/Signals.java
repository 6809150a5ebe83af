package dev.ortune.server.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The system's signals that ask a program to end. Java's only way to them is {@code sun.misc.Signal}, of which its compiler
 * warns without fail; so it is called by reflection.
 */
final class Signals {
    private static final List<String> ENDING = List.of("HUP", "INT", "TERM");

    private Signals() {}

    /**
     * Has those signals handled that the system knows and that this process was not started to ignore.
     *
     * @param handler takes a signal's number, in a thread of its own each time
     */
    static void whenToldToEnd(IntConsumer handler) {
        ENDING.forEach(name -> handle(name, handler));
    }

    private static void handle(String name, IntConsumer handler) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = type.getConstructor(String.class).newInstance(name);
            int number = (Integer) type.getMethod("getNumber").invoke(signal);
            InvocationHandler calling = (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    handler.accept(number);
                    return null;
                }
                return method.invoke(handler, arguments);
            };
            Object proxy =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, calling);
            type.getMethod("handle", type, handlerType).invoke(null, signal, proxy);
        } catch (ReflectiveOperationException notHere) {
            // Then the signal does what it does to every program.
        }
    }
}
