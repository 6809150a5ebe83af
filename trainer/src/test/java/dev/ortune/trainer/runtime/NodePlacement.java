package dev.ortune.trainer.runtime;

import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where ONNX Runtime has put a model's nodes.
 *
 * @param counts how many nodes each provider has
 * @param nodes which they are, where several providers have some: operator and name
 */
public record NodePlacement(Map<String, Integer> counts, Map<String, List<String>> nodes) {
    public static final String CPU = "CPUExecutionProvider";
    public static final String CUDA = "CUDAExecutionProvider";

    private static final Pattern PROVIDER =
            Pattern.compile("(?:All nodes|Node\\(s\\)) placed on \\[(\\w+)]\\. Number of nodes: (\\d+)");
    private static final Pattern NODE = Pattern.compile("] {3}(\\w+ \\(.*\\))$");

    /** A model's on a device, as ONNX Runtime says in a process of its own. */
    public static NodePlacement of(Path model, Device device) throws IOException, InterruptedException {
        JavaProcess.Result result = JavaProcess.start(
                        PlacementProbe.class,
                        Map.of(PlacementProbe.MODEL, model.toString(), PlacementProbe.DEVICE, device.toString()))
                .await();
        NodePlacement placement = parse(result.output());
        if (result.exit() != 0 || placement.counts.isEmpty()) {
            throw new IOException("no node placements in: " + result.output());
        }
        return placement;
    }

    static NodePlacement parse(String log) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, List<String>> nodes = new TreeMap<>();
        String provider = null;
        for (String line : log.lines().toList()) {
            Matcher begin = PROVIDER.matcher(line);
            Matcher node = NODE.matcher(line);
            if (begin.find()) {
                provider = begin.group(1);
                counts.put(provider, Integer.parseInt(begin.group(2)));
            } else if (provider != null && node.find()) {
                nodes.computeIfAbsent(provider, name -> new ArrayList<>()).add(node.group(1));
            } else {
                provider = null;
            }
        }
        return new NodePlacement(counts, nodes);
    }
}
