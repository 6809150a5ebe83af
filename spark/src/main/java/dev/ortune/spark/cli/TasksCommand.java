package dev.ortune.spark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ortune tasks}: programs as tasks of Spark; what {@code ortune sweep --master} has its trials run by. Each line of standard
 * input is a JSON object of one ({@link Program}), each of standard output says that one has ended: {@code exit} and {@code seconds},
 * {@code lost} where the executor was, or {@code failed} where it could not be started. Where the input ends, what still runs is
 * asked to end.
 */
@Command(name = "tasks", hidden = true, description = "Run programs as tasks of Spark, for \"ortune sweep\".")
final class TasksCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TICK_MILLIS = 100;
    private static final int MOST_TICKS = 600;

    @Spec
    private CommandSpec spec;

    @Option(names = "--master", required = true, paramLabel = "URL", description = "As with score.")
    private String master;

    @Option(names = "--conf", paramLabel = "KEY=VALUE", description = "As with score.")
    private Map<String, String> conf = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ExecutorService jobs = Executors.newCachedThreadPool(run -> {
            Thread thread = new Thread(run, "job");
            thread.setDaemon(true);
            return thread;
        });
        try (SparkSession spark = Cluster.session("sweep", master, conf)
                        // A program whose executor is lost is told of: it is for others to say what it goes on with.
                        .config("spark.task.maxFailures", "1")
                        .getOrCreate();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Program program = Program.of(JSON.readTree(line));
                jobs.execute(() -> run(context, program));
            }
            jobs.shutdownNow();
            context.cancelAllJobs();
            for (int i = 0; i < MOST_TICKS && running(context) > 0; i++) {
                Thread.sleep(TICK_MILLIS);
            }
        }
        return 0;
    }

    private static int running(JavaSparkContext context) {
        return Stream.of(context.statusTracker().getExecutorInfos())
                .mapToInt(SparkExecutorInfo::numRunningTasks)
                .sum();
    }

    private void run(JavaSparkContext context, Program program) {
        ObjectNode said = JSON.createObjectNode().put("name", program.name());
        try {
            // On this thread alone; whoever cancels the job has its program asked to end.
            context.setJobGroup(program.name(), program.name(), true);
            Program.Ended ended =
                    context.parallelize(List.of(program), 1).map(Program::run).first();
            if (ended.failure() == null) {
                said.put("exit", ended.exit()).put("seconds", ended.seconds());
            } else {
                said.put("failed", ended.failure());
            }
        } catch (Exception e) {
            said.put("lost", String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        say(said);
    }

    private synchronized void say(ObjectNode said) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(said);
        out.flush();
    }
}
