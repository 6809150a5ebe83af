package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** Something that can be pulled: a model of the zoo, one of a Hugging Face hub, or a data set. */
public sealed interface Source permits ZooModel, HubModel, Cola, Mrpc, GlueData, PublishedFiles {
    /** The source that a person names; an {@link OrtuneException} that lists the names when there is none. */
    static Source named(String name) {
        if (name.startsWith(HubModel.PREFIX)) {
            return HubModel.parse(name);
        }
        if (name.equals(Cola.NAME)) {
            return new Cola();
        }
        if (name.equals(Mrpc.NAME)) {
            return new Mrpc();
        }
        Optional<GlueData> glue = GlueData.named(name);
        if (glue.isPresent()) {
            return glue.get();
        }
        Optional<PublishedFiles> published = PublishedFiles.named(name);
        if (published.isPresent()) {
            return published.get();
        }
        return ZooModel.ALL.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new OrtuneException("There is nothing called \"" + name + "\" to pull; there are "
                        + ZooModel.ALL.stream().map(ZooModel::name).collect(Collectors.joining(", "))
                        + ", cola, mrpc, "
                        + GlueData.ALL.stream().map(GlueData::name).collect(Collectors.joining(", "))
                        + ", "
                        + PublishedFiles.ALL.stream().map(PublishedFiles::name).collect(Collectors.joining(", "))
                        + ", and any model of the hub as hf:OWNER/REPO"));
    }

    /** The folder it comes to lie in. */
    Path folder(Path models);

    /**
     * Brings it.
     *
     * @throws OrtuneException when it cannot be had; what was there before is untouched then
     * @throws IOException when a file under {@code models} cannot be read or written
     */
    Pulled pull(PullRequest request) throws IOException;
}
