package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.Graph;

/** One change to a graph that leaves what it computes the same, up to rounding. */
@FunctionalInterface
public interface Pass {
    void apply(Graph graph);
}
