package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** SentencePiece's models, field by field, and ways to break them. */
public final class TinyPieces {
    private static final int BPE = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private TinyPieces field(int number, Fields fields) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        CodedOutputStream inner = CodedOutputStream.newInstance(message);
        fields.writeTo(inner);
        inner.flush();
        CodedOutputStream outer = CodedOutputStream.newInstance(bytes);
        outer.writeByteArray(number, message.toByteArray());
        outer.flush();
        return this;
    }

    private TinyPieces piece(String text, float score, int type) throws IOException {
        return field(1, out -> {
            out.writeString(1, text);
            out.writeFloat(2, score);
            out.writeEnum(3, type);
        });
    }

    private TinyPieces kind(int kind) throws IOException {
        return field(2, out -> out.writeEnum(3, kind));
    }

    private TinyPieces unknown(int id, String piece) throws IOException {
        return field(2, out -> {
            out.writeInt32(40, id);
            out.writeString(45, piece);
        });
    }

    private TinyPieces charsmap(byte[] table) throws IOException {
        return field(3, out -> out.writeByteArray(2, table));
    }

    private byte[] bytes() {
        return bytes.toByteArray();
    }

    /** A broken file, and what is said of it. */
    public record Broken(String said, byte[] bytes) {}

    /** For folders that say nothing of them. */
    public static List<Broken> malformed() throws IOException {
        List<Broken> all = new ArrayList<>(List.of(
                new Broken("is no model of SentencePiece: it has no pieces", new byte[0]),
                new Broken("is no model of SentencePiece (", "<html>".getBytes(StandardCharsets.UTF_8)),
                new Broken("is no model of SentencePiece (Protocol message had", new byte[] {10, 3, 10, 1, -1}),
                new Broken("is no model of SentencePiece (While parsing", new byte[] {10, 127, 10, 1, 'a'}),
                new Broken(
                        "the piece \"a\" whose score is no number",
                        new TinyPieces().piece("a", Float.NaN, 1).bytes()),
                new Broken(
                        "is of SentencePiece's kind 3, which transformers does not",
                        whole().kind(3).bytes()),
                new Broken(
                        "is of SentencePiece's kind -1, which", whole().kind(-1).bytes()),
                new Broken(
                        "has the piece \"▁a\" twice",
                        whole().kind(BPE).piece("▁a", 0, 1).bytes()),
                new Broken(
                        "has no piece 99, which stands for what no piece fits",
                        whole().unknown(99, "a").bytes()),
                new Broken(
                        "has no piece -1, which stands for",
                        whole().unknown(-1, "a").bytes()),
                new Broken(
                        "has no piece <?>, which stands for",
                        whole().kind(BPE).unknown(0, "<\n>").bytes()),
                new Broken(
                        "has pieces that are too long to find what they are joined of",
                        whole().kind(BPE).piece("x".repeat(50_000), 0, 1).bytes())));
        for (JsonNode table : CharsmapTest.tables()) {
            String said = table.path("said").asText();
            if (!said.isEmpty()) {
                byte[] whole = whole().charsmap(CharsmapTest.bytes(table)).bytes();
                all.add(new Broken(said, whole));
            }
        }
        return all;
    }

    private static TinyPieces whole() throws IOException {
        return new TinyPieces().piece("<unk>", 0, 2).piece("▁a", -1, 1).piece("b", -2, 1);
    }
}
