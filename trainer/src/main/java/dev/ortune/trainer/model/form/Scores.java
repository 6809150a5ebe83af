package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Value;

/** How well each query and each key of an attention match, before padding is masked: a family's own, in any form. */
@FunctionalInterface
public interface Scores {
    /** Scaled dot products (Vaswani et al. 2017, arXiv:1706.03762). */
    Scores DOT_PRODUCTS = heads -> heads.products(Math.sqrt(heads.size()));

    /** Dot products as they are, where the weights were trained so. */
    Scores UNSCALED = heads -> heads.products(1);

    /**
     * Adds the scores.
     *
     * @return {@code [.., heads, rows that ask, sequence]}
     */
    Value of(Heads heads);
}
