package dev.ortune.spark;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;

/** A model's folder on the driver: as it is where it lies there, else a copy of what Hadoop finds, made once. */
final class LocalCopy {
    private static final Map<String, Path> COPIES = new ConcurrentHashMap<>();

    private LocalCopy() {}

    static Path of(String folder) {
        if (!folder.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            return Path.of(folder);
        }
        org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(folder);
        return "file".equals(remote.toUri().getScheme())
                ? Path.of(remote.toUri().getPath())
                : COPIES.computeIfAbsent(folder, name -> copied(remote));
    }

    private static Path copied(org.apache.hadoop.fs.Path remote) {
        Configuration configuration = SparkSession.active().sparkContext().hadoopConfiguration();
        try {
            FileSystem files = remote.getFileSystem(configuration);
            Path local = Files.createTempDirectory("ortune-").resolve(remote.getName());
            FileUtil.copy(files, remote, local.toFile(), false, configuration);
            return local;
        } catch (IOException e) {
            throw new OrtuneException(remote + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
