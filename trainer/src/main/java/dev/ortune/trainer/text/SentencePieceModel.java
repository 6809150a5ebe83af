package dev.ortune.trainer.text;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece's model of a vocabulary as its file has it (github.com/google/sentencepiece, sentencepiece_model.proto): pieces
 * with scores, how a text is cut into them, and a table of how it is normalised before.
 */
final class SentencePieceModel {
    /** How a text is cut into pieces. */
    enum Kind {
        /** The likeliest pieces. */
        UNIGRAM,
        /** Joined in the order of the pieces. */
        BPE
    }

    /** A piece; {@code type} is the file's. */
    record Piece(String text, double score, int type) {
        private static final int NORMAL = 1;
        private static final int CONTROL = 3;
        private static final int USER_DEFINED = 4;

        /** One that a family adds. */
        static Piece fixed(String text) {
            return new Piece(text, 0, NORMAL);
        }

        /** Whether a text never has it. */
        boolean isControl() {
            return type == CONTROL;
        }

        /** Whether it is found in a text as a whole. */
        boolean isWhole() {
            return type == CONTROL || type == USER_DEFINED;
        }
    }

    private static final long LARGEST = 256L << 20;
    private static final int MOST_PIECES = 10_000_000;

    private final Path file;
    private final List<Piece> pieces = new ArrayList<>();
    private byte[] charsmap = new byte[0];
    private int kind = 1;
    private int unknown;
    private int begin = 1;
    private int end = 2;
    private String unknownPiece = "<unk>";
    private String beginPiece = "<s>";
    private String endPiece = "</s>";
    private boolean byteFallback;

    private SentencePieceModel(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws OrtuneException that names it when it is none of SentencePiece's, or of a kind that cuts texts neither into the
     *     likeliest pieces nor by joining them
     */
    static SentencePieceModel read(Path file) {
        SentencePieceModel model = new SentencePieceModel(file);
        try (InputStream stream = Files.newInputStream(file)) {
            if (Files.size(file) > LARGEST) {
                throw model.broken("is too large for a vocabulary (" + Files.size(file) + " bytes)");
            }
            model.fields(CodedInputStream.newInstance(stream.readAllBytes()));
        } catch (IOException e) {
            throw new OrtuneException(
                    file + ": is no model of SentencePiece (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
        if (model.pieces.isEmpty()) {
            throw model.broken("is no model of SentencePiece: it has no pieces");
        }
        if (model.kind < 1 || model.kind > Kind.values().length) {
            throw model.broken("is of SentencePiece's kind " + model.kind
                    + ", which transformers does not read; unigram and BPE are");
        }
        return model;
    }

    private void fields(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> pieces.add(piece(in.readBytes().newCodedInput()));
                case 2 -> trainer(in.readBytes().newCodedInput());
                case 3 -> normalizer(in.readBytes().newCodedInput());
                default -> in.skipField(tag);
            }
            if (pieces.size() > MOST_PIECES) {
                throw broken("has more than " + MOST_PIECES + " pieces");
            }
        }
    }

    private Piece piece(CodedInputStream in) throws IOException {
        Piece piece = Piece.fixed("");
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> piece = new Piece(in.readStringRequireUtf8(), piece.score(), piece.type());
                case 2 -> piece = new Piece(piece.text(), in.readFloat(), piece.type());
                case 3 -> piece = new Piece(piece.text(), piece.score(), in.readEnum());
                default -> in.skipField(tag);
            }
        }
        if (!Double.isFinite(piece.score())) {
            throw broken("has the piece \"" + Printable.of(piece.text()) + "\" whose score is no number");
        }
        return piece;
    }

    private void trainer(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 3 -> kind = in.readEnum();
                case 35 -> byteFallback = in.readBool();
                case 40 -> unknown = in.readInt32();
                case 41 -> begin = in.readInt32();
                case 42 -> end = in.readInt32();
                case 45 -> unknownPiece = in.readStringRequireUtf8();
                case 46 -> beginPiece = in.readStringRequireUtf8();
                case 47 -> endPiece = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        }
    }

    private void normalizer(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 2) {
                charsmap = in.readByteArray();
            } else {
                in.skipField(tag);
            }
        }
    }

    OrtuneException broken(String what) {
        return new OrtuneException(file + ": " + what);
    }

    Path file() {
        return file;
    }

    /** In the order of their ids. */
    List<Piece> pieces() {
        return pieces;
    }

    Kind kind() {
        return Kind.values()[kind - 1];
    }

    OrtuneException lacksUnknown(String piece) {
        return broken("has no piece " + Printable.of(piece) + ", which stands for what no piece fits");
    }

    /** The piece that stands for what no piece fits, by its id. */
    String unknown() {
        return at(unknown);
    }

    /** The same as the file calls it. */
    String unknownPiece() {
        return unknownPiece;
    }

    /** A piece by its id, to stand for what no piece fits. */
    String at(int id) {
        if (id < 0 || id >= pieces.size()) {
            throw lacksUnknown(String.valueOf(id));
        }
        return pieces.get(id).text();
    }

    /** What it says to stand before a text, behind it and for what no piece fits, by transformers' names for them. */
    Map<String, String> special() {
        Map<String, String> special = new LinkedHashMap<>();
        if (begin >= 0) {
            special.put("bos_token", beginPiece);
        }
        if (end >= 0) {
            special.put("eos_token", endPiece);
        }
        if (unknown >= 0) {
            special.put("unk_token", unknownPiece);
        }
        return special;
    }

    /** The table of what becomes of characters before all else; empty where there is none. */
    byte[] charsmap() {
        return charsmap;
    }

    /** Whether what no piece fits becomes bytes, each a piece such as {@code <0x0A>}. */
    boolean hasByteFallback() {
        return byteFallback;
    }

    /**
     * The ids of pieces.
     *
     * @param pieces in their order, no two alike
     */
    Map<String, Integer> ids(List<Piece> pieces) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (Piece piece : pieces) {
            if (ids.put(piece.text(), ids.size()) != null) {
                throw broken("has the piece \"" + Printable.of(piece.text()) + "\" twice");
            }
        }
        return ids;
    }
}
