package dev.ortune.trainer.launcher;

import java.lang.management.ManagementFactory;

/** Stands in for a module's main class: says what the launcher gave it. */
public final class EchoArguments {
    private EchoArguments() {}

    public static void main(String[] arguments) {
        System.out.println("home=" + System.getProperty("ortune.home"));
        System.out.println("option=" + System.getProperty("option"));
        ManagementFactory.getGarbageCollectorMXBeans()
                .forEach(collector -> System.out.println("collector=" + collector.getName()));
        for (String argument : arguments) {
            System.out.println("argument=<" + argument + ">");
        }
        System.exit(arguments.length > 0 && arguments[0].equals("fail") ? 2 : 0);
    }
}
