package dev.ortune.trainer.adaptation;

import java.util.List;

/** Names of modules and weights, of parts with dots between them. */
final class ModuleNames {
    private ModuleNames() {}

    /** Whether a name is an end or ends with it behind a dot. */
    static boolean endsWith(String name, String end) {
        return name.equals(end) || name.endsWith("." + end);
    }

    /** Whether a weight is in a module whose name ends with one of these. */
    static boolean isIn(String weight, List<String> ends) {
        int dot = weight.lastIndexOf('.');
        while (dot > 0) {
            String module = weight.substring(0, dot);
            if (ends.stream().anyMatch(end -> endsWith(module, end))) {
                return true;
            }
            dot = module.lastIndexOf('.');
        }
        return false;
    }

    /** The module that a weight is in. */
    static String of(String weight) {
        return weight.substring(0, weight.lastIndexOf('.'));
    }
}
