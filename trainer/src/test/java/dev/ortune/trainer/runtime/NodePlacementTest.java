package dev.ortune.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines as ONNX Runtime 1.28.0 writes them. */
class NodePlacementTest {
    private static final String PREFIX = "2026-01-01 00:00:00.0 [V:onnxruntime:, session_state.cc:1316 Verify] ";

    @Test
    void nodesOfSeveralProviders() {
        NodePlacement placement = NodePlacement.parse(lines(
                "Node placements",
                " Node(s) placed on [CPUExecutionProvider]. Number of nodes: 2",
                "  Gather (shape_1)",
                "  MemcpyToHost (Memcpy_token_3)",
                " Node(s) placed on [CUDAExecutionProvider]. Number of nodes: 1",
                "  MatMul (query)",
                "Done saving OrtValue mappings."));
        assertThat(placement.counts()).isEqualTo(Map.of(NodePlacement.CPU, 2, NodePlacement.CUDA, 1));
        assertThat(placement.nodes())
                .isEqualTo(Map.of(
                        NodePlacement.CPU,
                        List.of("Gather (shape_1)", "MemcpyToHost (Memcpy_token_3)"),
                        NodePlacement.CUDA,
                        List.of("MatMul (query)")));
    }

    @Test
    void allNodesOfOneProvider() {
        NodePlacement placement = NodePlacement.parse(
                lines("Node placements", " All nodes placed on [CUDAExecutionProvider]. Number of nodes: 31", "Done."));
        assertThat(placement.counts()).isEqualTo(Map.of(NodePlacement.CUDA, 31));
        assertThat(placement.nodes()).isEmpty();
    }

    private static String lines(String... messages) {
        return PREFIX + String.join("\n" + PREFIX, messages);
    }
}
