package dev.ortune.exporter.export;

import java.nio.file.Path;
import java.util.List;

/**
 * What an export came to.
 *
 * @param files those that were written
 * @param leftOut a sentence for each that was not, which names it and says why
 */
public record Exports(List<ExportedFile> files, List<String> leftOut) {
    /** The same, once the files have gone to another folder. */
    Exports movedTo(Path folder) {
        return new Exports(files.stream().map(file -> file.movedTo(folder)).toList(), leftOut);
    }
}
