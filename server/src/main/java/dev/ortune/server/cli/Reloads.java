package dev.ortune.server.cli;

import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.server.store.ModelWatcher;
import java.io.PrintWriter;

/**
 * Says in a line what became of files that changed under a running server.
 *
 * @param out what was done
 * @param err what was not
 */
record Reloads(PrintWriter out, PrintWriter err) implements ModelWatcher.Listener {
    @Override
    public void loaded(ModelFolder model) {
        out.println(model.name() + " version " + model.version() + ": loaded "
                + model.file().getFileName() + " (" + model.precision() + ", " + model.why()
                + "), which answers from now on");
        out.flush();
    }

    @Override
    public void removed(String name, int version) {
        out.println(name + " version " + version + ": its folder is gone, it is not served any more");
        out.flush();
    }

    @Override
    public void refused(String name, int version, String reason) {
        err.println("ortune: " + name + " version " + version + ": not loaded, what is there goes on: "
                + Failures.oneLine(reason));
        err.flush();
    }
}
