package dev.ortune.trainer.corpus;

import dev.ortune.trainer.text.Pieces;

/** Makes sequences of a model's length out of paragraphs, which come in their order. */
interface SequenceMaker {
    /** Takes the tokens of a paragraph. */
    void paragraph(Pieces pieces);

    /** The end of a document. */
    void endOfDocument();

    /** Whether paragraphs come with the special tokens of a text of their own. */
    boolean wantsSpecial();

    /** Takes note of the end, and gives the file. */
    SequenceFile finish();
}
