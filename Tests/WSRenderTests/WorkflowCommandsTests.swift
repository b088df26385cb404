import TestSupport
import Testing
import WSRender
import WSReport

@Suite("Annotations for GitHub Actions")
struct WorkflowCommandsTests {
    @Test("There is one for each cause, the most important first")
    func annotations() {
        let lines = WorkflowCommands.annotations(of: [RenderSamples.ordinary])
        let difference = Golden.difference(lines.joined(separator: "\n") + "\n", from: "annotations.txt")
        #expect(difference == nil)
        #expect(WorkflowCommands.annotations(of: [RenderSamples.clean]).isEmpty)
        #expect(WorkflowCommands.annotations(of: [RenderSamples.incomplete]).count == 1)
    }

    @Test("Nothing of a peer ends one, begins one or adds a property")
    func hostile() {
        let lines = WorkflowCommands.annotations(of: [RenderSamples.hostileReport])
        let difference = Golden.difference(lines.joined(separator: "\n") + "\n", from: "annotations-hostile.txt")
        #expect(difference == nil)
        for line in lines {
            #expect(line.wholeMatch(of: /::(error|warning) title=[^:,\r\n]*::[^\r\n]*/) != nil)
            #expect(!line.contains("%0A::") && !line.contains("##["))
        }
    }

    @Test("There are at most ten, and the last says how many more there are")
    func bounded() {
        let lines = WorkflowCommands.annotations(of: [RenderSamples.large(40), RenderSamples.large(5)])
        #expect(lines.count == 10)
        #expect(lines.last == "::error title=wsconform::36 more causes are in the summary of the job")
    }

    @Test(
        "What is printed besides holds no command",
        arguments: [
            ("a\n::error::x\n  ::stop-commands::y\nb ::c", "a\n\\u{3A}:error::x\n  \\u{3A}:stop-commands::y\nb ::c"),
            ("x ##[add-mask]y", "x ##\\u{5B}add-mask]y"), ("plain\n", "plain\n"), (":::a", "\\u{3A}::a"),
        ]
    )
    func defused(text: String, shown: String) {
        #expect(WorkflowCommands.defused(text) == shown)
    }

    @Test("What is known to fail gets no annotation, and an entry that does not hold gets one")
    func baseline() {
        var report = RenderSamples.ordinary
        report.baseline = Report.BaselineOutcome(file: "b.json")
        #expect(!WorkflowCommands.annotations(of: [report]).contains { $0.hasPrefix("::error title=fail") })
        report.baseline?.expired = [.init(pattern: "ping/*", text: "was expected until 2020-01-01: a\n::error::b")]
        let lines = WorkflowCommands.annotations(of: [report])
        #expect(lines.contains { $0.hasPrefix("::error title=baseline%2C ping/*::was expected") })
        #expect(
            lines.first?.hasPrefix("::warning title=Python/3.11 websockets/17.4%3A 1 expired against the baseline")
                == true
        )
        #expect(lines.allSatisfy { !$0.contains("\n") })
    }
}
