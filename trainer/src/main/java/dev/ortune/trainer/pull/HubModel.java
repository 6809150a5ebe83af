package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of a Hugging Face hub, {@code hf:OWNER/REPO[@REVISION]}.
 *
 * @param owner user or organisation
 * @param repository the repository's name
 * @param revision branch, tag or commit
 */
record HubModel(String owner, String repository, String revision) implements Source {
    static final String PREFIX = "hf:";
    static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final String DEFAULT_REVISION = "main";

    private static final String NAME = "([A-Za-z0-9][A-Za-z0-9._-]{0,95})";
    private static final Pattern SYNTAX =
            Pattern.compile(PREFIX + NAME + "/" + NAME + "(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,199}))?");

    static HubModel parse(String name) {
        Matcher matcher = SYNTAX.matcher(name);
        if (!matcher.matches() || name.contains("..") || name.contains("//")) {
            throw new OrtuneException("\"" + name + "\" is not of the form hf:OWNER/REPO or hf:OWNER/REPO@REVISION");
        }
        String revision = matcher.group(3) == null ? DEFAULT_REVISION : matcher.group(3);
        return new HubModel(matcher.group(1), matcher.group(2), revision);
    }

    /** {@code OWNER--REPO}, followed by {@code @REVISION} when that is not the main branch. */
    @Override
    public Path folder(Path models) {
        String suffix = revision.equals(DEFAULT_REVISION) ? "" : "@" + revision.replace('/', '-');
        return models.resolve("pretrained").resolve(owner + "--" + repository + suffix);
    }

    @Override
    public Pulled pull(PullRequest request) throws IOException {
        return pull(request, Retries.DEFAULT);
    }

    Pulled pull(PullRequest request, Retries retries) throws IOException {
        Path folder = folder(request.models());
        if (Files.exists(folder) && !request.force()) {
            return Pulled.before(toString(), folder, "");
        }
        URI endpoint = endpoint(request.variable("HF_ENDPOINT"));
        Http http = new Http(endpoint, request.variable("HF_TOKEN"));
        try (StagedFolder stage = StagedFolder.of(folder, "pulling")) {
            Download.Client client = new Download.Client(http, request.progress(), retries);
            String commit = new HubFolder(this, endpoint, stage, client).fetch();
            String source = endpoint + "/" + owner + "/" + repository;
            new Provenance(source, "", "", commit).writeInto(stage.folder());
            stage.publish();
            String at = commit.isEmpty() ? "" : " at " + commit;
            return Pulled.now(toString(), folder, source + at + "; its licence is on that page");
        } catch (UnreachableException e) {
            throw new OrtuneException(this + ": " + e.getMessage() + ", or let HF_ENDPOINT name another hub", e);
        } catch (StatusException e) {
            throw e.status() == 401 || e.status() == 403 ? noAccess(e, request.variable("HF_TOKEN")) : e;
        }
    }

    @Override
    public String toString() {
        String suffix = revision.equals(DEFAULT_REVISION) ? "" : "@" + revision;
        return PREFIX + owner + "/" + repository + suffix;
    }

    private OrtuneException noAccess(StatusException e, String token) {
        String hint = token.isEmpty()
                ? "set HF_TOKEN to a token that may read it, or check the name"
                : "the token in HF_TOKEN may not read it; check the name, and accept the model's terms on its page";
        return new OrtuneException(this + ": the hub answers " + e.status() + "; " + hint, e);
    }

    static URI endpoint(String variable) {
        String address = variable.isEmpty() ? DEFAULT_ENDPOINT : variable.replaceFirst("/+$", "");
        try {
            URI uri = URI.create(address);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Said below.
        }
        throw new OrtuneException("HF_ENDPOINT is \"" + variable + "\", which is not an http or https address");
    }
}
