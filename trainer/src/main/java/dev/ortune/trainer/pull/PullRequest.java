package dev.ortune.trainer.pull;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a pull is given.
 *
 * @param home Ortune's own root folder, which holds {@code models/pom.xml}
 * @param models the folder to lay things out under
 * @param force whether what is there already is pulled again and replaced
 * @param environment the process's environment variables
 * @param progress told how far transfers are
 */
public record PullRequest(Path home, Path models, boolean force, Map<String, String> environment, Progress progress) {
    public PullRequest {
        environment = Map.copyOf(environment);
    }

    /** An environment variable's value without blanks around it, or the empty string. */
    String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
