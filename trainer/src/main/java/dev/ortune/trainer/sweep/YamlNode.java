package dev.ortune.trainer.sweep;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.reader.UnicodeReader;

/**
 * A part of a YAML file that knows its line. Texts are as they are written, so that a number reaches the command line as somebody
 * wrote it; no tag makes an object of anything.
 */
final class YamlNode {
    private static final int LARGEST = 1 << 20;
    private static final String STANDARD_TAGS = "tag:yaml.org,2002:";

    private final Path file;
    private final Node node;

    private YamlNode(Path file, Node node) {
        this.file = file;
        this.node = node;
        if (!node.getTag().getValue().startsWith(STANDARD_TAGS)) {
            throw wrong("tags such as " + Printable.of(node.getTag().getValue()) + " mean nothing here");
        }
    }

    /**
     * Reads a file.
     *
     * @throws OrtuneException that names it, and the line, when it is no YAML
     */
    static YamlNode read(Path file) {
        try (Reader reader = new UnicodeReader(Files.newInputStream(file))) {
            if (Files.size(file) > LARGEST) {
                throw new OrtuneException(file + ": is too large for such a file (" + Files.size(file) + " bytes)");
            }
            LoaderOptions options = new LoaderOptions();
            options.setMaxAliasesForCollections(0);
            Node root = new Yaml(new SafeConstructor(options)).compose(reader);
            if (root == null) {
                throw new OrtuneException(file + ": is empty");
            }
            return new YamlNode(file, root);
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (MarkedYAMLException e) {
            throw new OrtuneException(file + line(e.getProblemMark()) + ": " + Printable.of(e.getProblem()), e);
        } catch (YAMLException e) {
            String why = e.getCause() instanceof CharacterCodingException
                    ? "is not in " + StandardCharsets.UTF_8
                    : "is no YAML ("
                            + Printable.of(String.valueOf(e.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")) + ")";
            throw new OrtuneException(file + ": " + why, e);
        }
    }

    private static String line(Mark mark) {
        return mark == null ? "" : ", line " + (mark.getLine() + 1);
    }

    /** A failure that names the file and the line. */
    OrtuneException wrong(String message) {
        return new OrtuneException(file + line(node.getStartMark()) + ": " + message);
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Its entries, in their order. */
    Map<String, YamlNode> map() {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong("a map is needed here, names with values");
        }
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        for (NodeTuple each : mapping.getValue()) {
            YamlNode key = new YamlNode(file, each.getKeyNode());
            if (entries.put(key.text(), new YamlNode(file, each.getValueNode())) != null) {
                throw key.wrong(Printable.of(key.text()) + " is there already");
            }
        }
        return entries;
    }

    /** Its entries, of which there may be these alone. */
    Map<String, YamlNode> map(List<String> known) {
        Map<String, YamlNode> entries = map();
        entries.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.wrong(Printable.of(key) + " is none of " + String.join(", ", known));
            }
        });
        return entries;
    }

    /** Its elements, one at least. */
    List<YamlNode> list() {
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw wrong("a list of one value at least is needed here");
        }
        List<YamlNode> elements = new ArrayList<>();
        sequence.getValue().forEach(each -> elements.add(new YamlNode(file, each)));
        return elements;
    }

    /** A value as it is written. */
    String text() {
        if (!(node instanceof ScalarNode scalar)) {
            throw wrong("one value is needed here");
        }
        if (scalar.isPlain() && scalar.getValue().matches("|~|null|Null|NULL")) {
            throw wrong("a value is missing");
        }
        return scalar.getValue();
    }

    /** A value, or several of a list, as they are written. */
    List<String> texts() {
        return isList() ? list().stream().map(YamlNode::text).toList() : List.of(text());
    }

    /** A whole number in a range. */
    int whole(int least, int most) {
        try {
            int number = Integer.parseInt(text());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong("a whole number from " + least + " to " + most + " is needed here, not " + Printable.of(text()));
    }

    /** A number. */
    double number() {
        try {
            double number = Double.parseDouble(text());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong("a number is needed here, not " + Printable.of(text()));
    }
}
