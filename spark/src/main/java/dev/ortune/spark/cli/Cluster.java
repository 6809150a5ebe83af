package dev.ortune.spark.cli;

import java.io.File;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How a command reaches Spark. */
final class Cluster {
    private static final String LOOPBACK = "127.0.0.1";

    private Cluster() {}

    /** A session that is not there yet, without Spark's own page and progress. */
    static SparkSession.Builder session(String command, String master, Map<String, String> conf) {
        SparkSession.Builder builder = SparkSession.builder()
                .appName("ortune " + command)
                .master(master)
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false");
        String jars = System.getProperty("ortune.jars", "");
        if (master.startsWith("local")) {
            // Nobody else has to reach it.
            builder.config("spark.driver.host", LOOPBACK).config("spark.driver.bindAddress", LOOPBACK);
        }
        if (!master.startsWith("local[") && !master.equals("local") && !jars.isEmpty()) {
            builder.config("spark.jars", jars.replace(File.pathSeparatorChar, ','));
        }
        conf.forEach(builder::config);
        return builder;
    }
}
