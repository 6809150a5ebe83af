package dev.ortune.trainer.graph;

/**
 * The way back of a Gather that picks each row at most once, or at most a few times. The adjoint of such a Gather is no scatter with additions
 * but another Gather: row {@code r} of the data went to {@code indices[r]} of the result. Rows that were not picked get
 * a zero through {@code mask}. Of rows that were picked several times the gradients are added up.
 *
 * @param indices for each row of the data its place in the result (any place where it has none), int64 {@code [rows]}, or its
 *     places {@code [rows, times]}
 * @param mask 1 for rows that were picked and 0 for others, broadcast against the gradient; null when all were picked
 */
public record RowInverse(Value indices, Value mask) {}
