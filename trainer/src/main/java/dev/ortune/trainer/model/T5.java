package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.PlainForm;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.layers.DecoderGraph;
import dev.ortune.trainer.model.layers.DecoderRows;
import dev.ortune.trainer.model.layers.T5Stack;
import dev.ortune.trainer.model.layers.Written;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * T5 and its versions 1.1, such as Flan-T5 (Raffel et al. 2020, arXiv:1910.10683): an encoder, and a decoder that sees what the
 * encoder made of a text. What of them there is depends on the task ({@link Kind}).
 */
public final class T5 implements Architecture {
    /** Distances are told apart up to a farthest one, so a text may have any length; this much memory lasts for. */
    private static final int MOST_TOKENS = 8192;

    private static final String LM_HEAD = "lm_head";
    private static final String CLASSIFIER = "classification_head.out_proj";

    private static final String TRANSFORMER = "transformer.";

    private final T5Config config;
    private final Kind kind;
    /** Of the names of all weights but the heads'. */
    private final String prefix;

    private T5(T5Config config, Kind kind, String prefix) {
        this.config = config;
        this.kind = kind;
        this.prefix = prefix;
    }

    /** Which of transformers' classes it is. */
    private enum Kind {
        /** T5ForTokenClassification: the encoder alone. */
        ENCODER("ForTokenClassification", TRANSFORMER),
        /** T5ForSequenceClassification: the decoder reads the text once more, and its state at the text's end is the text's. */
        CLASSIFIER("ForSequenceClassification", TRANSFORMER),
        /** T5ForConditionalGeneration: the decoder writes, and its states meet the vocabulary. */
        WRITER("ForConditionalGeneration", "");

        private final String suffix;
        private final String prefix;

        Kind(String suffix, String prefix) {
            this.suffix = suffix;
            this.prefix = prefix;
        }

        static Kind of(String architecture) {
            if (architecture.endsWith("EncoderModel")) {
                return ENCODER;
            }
            for (Kind kind : values()) {
                if (architecture.endsWith(kind.suffix)) {
                    return kind;
                }
            }
            return CLASSIFIER;
        }
    }

    static T5 of(ConfigValues values) {
        String architecture = values.json().path("architectures").path(0).asText();
        Kind kind = Kind.of(architecture);
        return new T5(T5Config.of(values), kind, kind.prefix);
    }

    @Override
    public Architecture of(Head head) {
        for (Kind other : Kind.values()) {
            if (other.suffix.equals(head.className())) {
                return new T5(config, other, other.prefix);
            }
        }
        throw new OrtuneException("T5 has no " + className() + head.className()
                + " here; text-classification, token-classification and text2text are what it can be trained for");
    }

    @Override
    public String modelType() {
        return "t5";
    }

    @Override
    public String className() {
        return "T5";
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.size().heads(), config.size().head(), mostTokens(), false);
    }

    @Override
    public Value hidden(Form form) {
        Form base = base(form);
        Value embedded = form.toLayers(words(base, base.inputIds()));
        Value encoded = new T5Stack(base.in("encoder"), config).encoded(embedded);
        return form.fromLayers(kind == Kind.CLASSIFIER ? readAgain(base, encoded) : encoded);
    }

    private Form base(Form form) {
        return prefix.isEmpty() ? form : form.in(prefix.substring(0, prefix.length() - 1));
    }

    /** The decoder's state at each text's last token, {@code </s>}. */
    private Value readAgain(Form base, Value encoded) {
        T5Stack decoder = new T5Stack(base.in("decoder"), config);
        Ops ops = base.ops().in("decoder");
        Value ids = T5Stack.oneLater(base.ops().in("shifted"), base.paddedIds());
        DecoderRows rows = DecoderRows.of(ops, ids);
        Value embedded = base.toLayers(words(base, rows.inOneRow(ops, ids)));
        Value last = ops.sub(base.lengths(), ops.vector(1));
        return decoder.decoded(embedded, rows, decoder.causal(rows), encoded, last);
    }

    @Override
    public Value decoded(Form form, Value encoded, Written written) {
        Form base = base(form);
        T5Stack decoder = new T5Stack(base.in("decoder"), config);
        Ops ops = base.ops().in("decoder");
        Value ids;
        if (written instanceof Written.Words words) {
            ids = decoder.oneLater(words);
        } else if (written instanceof Written.Texts texts) {
            ids = T5Stack.oneLater(ops, ops.max(texts.tokens(), ops.vector(0)));
        } else {
            ids = ((Written.Begun) written).tokens();
        }
        DecoderRows rows = DecoderRows.of(ops, ids);
        Value seen = written instanceof Written.Words words ? decoder.apart(words) : decoder.causal(rows);
        Value embedded = base.toLayers(words(base, rows.inOneRow(ops, ids)));
        return decoder.decoded(embedded, rows, seen, encoded, null);
    }

    @Override
    public Value vocabulary(Form form, Value states) {
        Ops ops = form.ops().in("decoder");
        float scale = (float) (1 / Math.sqrt(config.size().model()));
        Value scaled = config.output().scaled() ? ops.mul(states, ops.scalar(scale)) : states;
        return config.output().own()
                ? form.product(LM_HEAD, scaled, vocabSize())
                : form.tied(wordEmbeddings(), null, scaled, vocabSize());
    }

    @Override
    public List<Graph> writers() {
        if (kind != Kind.WRITER) {
            return List.of();
        }
        List<Graph> graphs = new ArrayList<>();
        Graph encoder = new Graph("encoder");
        encoder.output(hidden(new PlainForm(encoder, geometry())), "last_hidden_state");
        graphs.add(encoder);
        for (DecoderGraph.Kind each : DecoderGraph.Kind.values()) {
            T5Config.Size size = config.size();
            DecoderGraph graph = new DecoderGraph(each, size.heads(), size.head(), size.model());
            Form base = base(graph.form());
            graphs.add(new T5Stack(base.in("decoder"), config)
                    .alone(
                            graph,
                            ids -> words(base, ids),
                            states -> vocabulary(graph.form().head(), states)));
        }
        return graphs;
    }

    @Override
    public List<String> otherNames(String weight) {
        return List.of(weight.startsWith(TRANSFORMER) ? weight.substring(TRANSFORMER.length()) : TRANSFORMER + weight);
    }

    /** A model whose states are not scaled has a matrix of its own, if it is there: transformers 5 makes none. */
    @Override
    public Architecture of(Predicate<String> isThere) {
        boolean own = config.output().own() && isThere.test(LM_HEAD + ".weight");
        return new T5(config.with(new T5Config.Output(config.output().scaled(), own)), kind, prefix);
    }

    private Value words(Form base, Value ids) {
        return base.lookup("shared", vocabSize(), config.size().model(), ids);
    }

    @Override
    public Rows rowsOfTexts() {
        return Rows.LAST;
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        Form head = form.in("classification_head");
        Value dense = head.linear(
                "dense",
                form.dropout(hidden, config.classifierDropout()),
                config.size().model(),
                Activation.TANH);
        return head.linear("out_proj", form.dropout(dense, config.classifierDropout()), labels);
    }

    @Override
    public String sequenceClassifier() {
        return CLASSIFIER;
    }

    @Override
    public Value tokenClassification(Form form, Value hidden, int labels) {
        return form.linear("classifier", form.dropout(hidden, config.classifierDropout()), labels);
    }

    @Override
    public Value maskedLanguageModel(Form form, Value hidden) {
        throw new OrtuneException("T5 has no head for masked words");
    }

    @Override
    public List<Parameter> pretrainingParameters() {
        return bodyParameters();
    }

    /** Those of all its classes. */
    @Override
    public Set<String> fineTunedNames() {
        Set<String> names = new LinkedHashSet<>();
        for (Kind other : Kind.values()) {
            T5 of = new T5(config, other, prefix);
            PlainForm form = new PlainForm(new Graph("names"), geometry());
            Value hidden = of.hidden(form);
            switch (other) {
                case ENCODER -> of.tokenClassification(form.head(), hidden, 1);
                case CLASSIFIER -> of.sequenceClassification(form.head(), hidden, 1);
                case WRITER -> {
                    Written.Words any = new Written.Words(List.of(List.of(0)));
                    of.vocabulary(form.head(), of.decoded(form.head(), hidden, any));
                }
            }
            form.parameters().forEach(parameter -> names.add(parameter.name()));
        }
        return names;
    }

    @Override
    public String wordEmbeddings() {
        return prefix + "shared.weight";
    }

    @Override
    public int vocabSize() {
        return config.size().vocab();
    }

    @Override
    public Architecture withVocabSize(int rows) {
        return new T5(config.with(config.size().withVocab(rows)), kind, prefix);
    }

    @Override
    public int layers() {
        return config.size().layers();
    }

    @Override
    public Architecture withLayers(int count) {
        return new T5(config.with(config.size().withLayers(count)), kind, prefix);
    }

    @Override
    public String layersKey() {
        return "num_layers";
    }

    @Override
    public String layerPrefix(int layer) {
        return prefix + "encoder.block." + layer + ".";
    }

    @Override
    public int mostTokens() {
        return MOST_TOKENS;
    }

    @Override
    public double initializerRange() {
        return config.initializerFactor();
    }

    /** Mesh TensorFlow's: by how many numbers a weight adds up, but for those of the vocabulary. */
    @Override
    public double initializerRange(Parameter parameter) {
        T5Config.Size size = config.size();
        String name = parameter.name().replaceFirst("\\.weight$", "");
        double summed =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "q" -> (double) size.model() * size.head();
                    case "k", "v", "wi", "wi_0", "wi_1", "dense", "out_proj", "relative_attention_bias" -> size.model();
                    case "o" -> (double) size.heads() * size.head();
                    case "wo" -> size.inner();
                    default -> 1;
                };
        return initializerRange() / Math.sqrt(summed);
    }

    @Override
    public String memberClass(String list, Set<String> modules) {
        if (!list.equals("layer")) {
            return moduleClass(list, list);
        }
        if (modules.contains("SelfAttention")) {
            return "T5LayerSelfAttention";
        }
        return modules.contains("EncDecAttention") ? "T5LayerCrossAttention" : "T5LayerFF";
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "transformer" -> kind == Kind.ENCODER ? "T5EncoderModel" : "T5Model";
            case "encoder", "decoder" -> "T5Stack";
            case "SelfAttention", "EncDecAttention" -> "T5Attention";
            case "DenseReluDense" -> config.gated() ? "T5DenseGatedActDense" : "T5DenseActDense";
            case "classification_head" -> "T5ClassificationHead";
            case "rms_norm" -> "T5LayerNorm";
            default -> Architecture.super.moduleClass(parent, name);
        };
    }
}
