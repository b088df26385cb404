import TestSupport
import Testing
import WSJudge
import WSLiveFuzzing
import WSModelPeer
import WSProtocol
import WSScenario

/// A planted defect, what is to be found of it, and within how many conversations.
struct Planted: Sendable, CustomTestStringConvertible {
    var defect: ModelDefect
    /// The requirement that the finding has to cite, or one of them.
    var requirements: [String]
    var frames = 1
    var runs = 2_000

    var testDescription: String { defect.rawValue }

    static let all: [Planted] = [
        Planted(defect: .swallowsRSV, requirements: ["RFC6455-5.2-03"]),
        Planted(defect: .swallowsReservedOpcode, requirements: ["RFC6455-5.2-05"]),
        Planted(defect: .swallowsFragmentedControl, requirements: ["RFC6455-5.4-05"]),
        Planted(defect: .swallowsOversizedControl, requirements: ["RFC6455-5.5-01"]),
        Planted(defect: .swallowsOrphanContinuation, requirements: ["RFC6455-5.4-02"]),
        Planted(defect: .swallowsInterleavedMessage, requirements: ["RFC6455-5.4-07"], frames: 2),
        Planted(defect: .swallowsUnmasked, requirements: ["RFC6455-5.1-03"]),
        Planted(defect: .swallowsInvalidUTF8, requirements: ["RFC6455-8.1-01"]),
        Planted(defect: .swallowsTruncatedUTF8, requirements: ["RFC6455-8.1-01"]),
        Planted(defect: .wrongPongPayload, requirements: ["RFC6455-5.5.3-01"]),
        Planted(defect: .neverPongs, requirements: ["RFC6455-5.5.2-02"]),
        Planted(defect: .wrongEchoType, requirements: ["RFC6455-6.2-01"]),
        Planted(defect: .truncatesEcho, requirements: ["RFC6455-6.2-01"]),
        Planted(defect: .rejectsFragmentedMessage, requirements: ["RFC6455-5.4-03"]),
        Planted(defect: .rejectsControlInsideMessage, requirements: ["RFC6455-5.4-08"], frames: 2),
        Planted(defect: .rejectsZeroKey, requirements: ["RFC6455-6.2-01", "RFC6455-5.5.2-02", "RFC6455-5.5.1-07"]),
        Planted(defect: .rejects64BitLengths, requirements: ["RFC6455-6.2-01"]),
        Planted(defect: .masksFrames, requirements: ["RFC6455-5.1-05"]),
        Planted(defect: .swallowsInvalidDeflate, requirements: ["RFC7692-7.2.2-11"]),
        Planted(defect: .acceptsWrongVersion, requirements: ["RFC6455-4.2.2-08", "RFC6455-4.2.1-01"], frames: 0),
    ]
}

@Suite struct `Planted defects` {
    @Test(arguments: Planted.all)
    func `Are found from a fixed seed, with the right rule and few frames`(planted: Planted) throws {
        var fuzzing = MemoryFuzzing(defects: [planted.defect], seed: 1, runs: planted.runs)
        fuzzing.run(untilFinding: planted.requirements)
        let causes = fuzzing.engine.findings.map { "\($0.cause.requirement)/\($0.cause.reasonKey)" }
        let finding = try #require(
            fuzzing.engine.findings.first { $0.isCertain && planted.requirements.contains($0.cause.requirement) },
            "found \(causes)"
        )
        #expect(finding.frames <= max(planted.frames, 0), "\(finding.scenario.script)")
        // Its record shows it, and so does playing it again; a correct peer is not accused.
        let record = try #require(fuzzing.records[finding.scenario.id])
        #expect(FuzzCause.all(in: record).contains(finding.cause))
        let again = MemoryFuzzing.judgement(of: finding.scenario, [planted.defect])
        #expect(FuzzCause.all(in: again).contains(finding.cause))
        let correct = MemoryFuzzing.judgement(of: finding.scenario)
        #expect(FuzzCause.all(in: correct).isEmpty, "\(correct.reason)")
    }

    @Test func `Have one finding for each cause`() {
        var fuzzing = MemoryFuzzing(defects: [.swallowsRSV, .neverPongs], seed: 2, runs: 1_500)
        fuzzing.run()
        let causes = fuzzing.engine.findings.map(\.cause)
        #expect(Set(causes).count == causes.count)
        #expect(Set(fuzzing.engine.findings.map(\.scenario.id)).count == causes.count)
        #expect(causes.contains { $0.requirement == "RFC6455-5.2-03" })
        #expect(causes.contains { $0.requirement == "RFC6455-5.5.2-02" })
    }

    @Test func `That come and go are told as flaky and are not certain`() throws {
        var fuzzing = MemoryFuzzing(defects: [.swallowsRSV], seed: 1, runs: 600)
        fuzzing.isDefective = { $0.isMultiple(of: 3) }
        fuzzing.run()
        #expect(fuzzing.engine.findings.allSatisfy { !$0.isCertain })
        let finding = try #require(fuzzing.engine.doubtful.first { $0.cause.requirement == "RFC6455-5.2-03" })
        #expect(finding.hits == 1)
        #expect(finding.doubt?.hasPrefix("flaky: 1 of 3 further tries showed") == true, "\(finding.doubt ?? "")")
    }

    @Test func `A violation that was not sent to its end is no matter of how the connection ends`() throws {
        let frames = [
            FrameToSend(.binary, .octets([1, 2, 3])), FrameToSend(.continuation, pacing: .firstOctets(4)),
        ]
        let scenario = try #require(FuzzConversation(frames: frames).scenario("fuzz/test", for: .init()))
        let judgement = MemoryFuzzing.judgement(of: scenario, [.truncatesEcho])
        #expect(judgement.findings.map(\.reasonKey) == ["echo-wrong"], "\(judgement.wire)")
    }

    @Test func `A wrong echo before a violation is called a wrong echo, whatever the violation`() throws {
        let message = FrameToSend(.binary, .octets([1, 2, 3]))
        for (before, violation) in [
            ([message, FrameToSend(.ping, .text("p"))], FrameToSend(.ping, rsv: 2)),
            ([FrameToSend(.ping), message], FrameToSend(.text, masking: .none)),
            ([FrameToSend(.ping), FrameToSend(.ping, .text("p")), message], FrameToSend(.text, rsv: 3)),
            ([FrameToSend(.ping, .text("p")), FrameToSend(.ping), message], FrameToSend(.continuation)),
            (
                [
                    FrameToSend(.text, fin: false), FrameToSend(.ping), FrameToSend(.continuation),
                    FrameToSend(.ping, .text("p")), message,
                ],
                FrameToSend(.text, rsv: 3)
            ),
        ] {
            let conversation = FuzzConversation(frames: before + [violation])
            let scenario = try #require(conversation.scenario("fuzz/test", for: .init()))
            let judgement = MemoryFuzzing.judgement(of: scenario, [.truncatesEcho])
            let cause = try #require(FuzzCause.all(in: judgement).first)
            #expect(cause.reasonKey == "echo-wrong" && cause.requirement == "RFC6455-6.2-01", "\(cause)")
        }
    }
}
