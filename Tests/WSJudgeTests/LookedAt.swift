import Foundation
import JudgeTestSupport
import Synchronization
import TestSupport
import Testing
import WSJudge
import WSKernels
import WSScenario
import WSTranscript

/// The judgements of recordings made by hand, as they were looked at once.
///
/// Tests say what a judgement has to have. Its other parts, such as sentences, evidence and the wire log, are compared
/// with `Golden/judgements.txt`, where each judgement has a line with hashes of what was recorded and of what is said.
/// Recording begins with an empty file, so that it needs a run of all tests of this target.
enum LookedAt {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(components: "Golden", "judgements.txt")

    /// The lines of the file; while recording, those of this run.
    private static let lines = Mutex<Set<String>>(
        Golden.isRecording
            ? []
            : Set((try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? [])
    )

    /// Judges a recording, and records an issue unless the judgement was looked at.
    static func judgement(of scenario: Scenario, _ transcript: Transcript) -> Judgement {
        let judgement = Judge.judge(scenario, transcript)
        let key = String(StableHash.fnv1a64(TranscriptText.encode(transcript)), radix: 16)
        let hash = String(StableHash.fnv1a64(judgement.details.utf8), radix: 16)
        check("\(key) \(scenario.id) \(judgement.verdict) \(hash)", judgement)
        return judgement
    }

    private static func check(_ line: String, _ judgement: Judgement) {
        let isNew = lines.withLock { lines in
            guard lines.insert(line).inserted else { return false }
            if Golden.isRecording {
                try? Data((lines.sorted().joined(separator: "\n") + "\n").utf8).write(to: file)
            } else {
                lines.remove(line)
            }
            return true
        }
        guard isNew, !Golden.isRecording else { return }
        let findings = judgement.findings.map { "\($0.requirement): \($0.reason)" }.joined(separator: "\n")
        Issue.record(
            """
            this judgement was not looked at:
            \(line)
            \(findings)
            \(judgement.wire.joined(separator: "\n"))
            If that is meant, run the tests of WSJudge again with \(Golden.recordingVariable)=1.
            """
        )
    }
}
