package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Ops;

/** Names of nodes from names of modules: a level each, but {@code layer.3} is one. */
final class Scope {
    private Scope() {}

    static Ops of(Ops ops, String module) {
        Ops scoped = ops;
        for (String level : module.split("\\.(?!\\d)", -1)) {
            scoped = scoped.in(level);
        }
        return scoped;
    }
}
