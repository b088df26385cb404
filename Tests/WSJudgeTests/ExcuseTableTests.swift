import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Each ground on which a peer's reason for refusing a message is believed, doubted or contradicted.
@Suite struct `The reason for a refusal` {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: UInt16 = 1009
        var opcode = Opcode.text
        /// The octets of the message that is refused, and its frames.
        var size = 200
        var frames = 1
        /// The lengths of texts that came back before it.
        var echoed: [Int] = []
        /// What was tried: in how many frames, whether it came back, and, where these are others, its type and length.
        var trials: [(frames: Int, cameBack: Bool, isText: Bool?, length: Int?)] = []
        /// What the application did with binary messages before the first scenario.
        var application: ObservedApplication?
        var verdict: Verdict
        var ending = ""
    }

    private static let rows: [Row] = [
        // Limits that nobody tried.
        Row(testDescription: "126 octets", size: 126, verdict: .informational),
        Row(testDescription: "125 octets", size: 125, verdict: .tolerated, ending: ", which nothing bears out"),
        Row(testDescription: "policy", code: 1008, size: 126, verdict: .informational),
        Row(testDescription: "behind a shorter echo", echoed: [199], verdict: .informational),
        Row(testDescription: "behind an echo as long", echoed: [200], verdict: .fail),
        Row(testDescription: "behind a longer echo", echoed: [201], verdict: .fail),
        Row(
            testDescription: "behind a longer echo of the other type",
            opcode: .binary,
            echoed: [201],
            verdict: .informational
        ),
        // Limits that were tried.
        Row(
            testDescription: "it came back alone",
            trials: [(1, true, nil, nil)],
            verdict: .fail,
            ending: ", though it came back alone"
        ),
        Row(testDescription: "it was refused alone", trials: [(1, false, nil, nil)], verdict: .informational),
        Row(
            testDescription: "it was refused alone, of 10 octets",
            size: 10,
            trials: [(1, false, nil, nil)],
            verdict: .informational
        ),
        Row(testDescription: "the other type came back", trials: [(1, true, false, nil)], verdict: .informational),
        Row(
            testDescription: "the other type was refused",
            size: 10,
            trials: [(1, false, false, nil)],
            verdict: .tolerated
        ),
        Row(testDescription: "another length came back", trials: [(1, true, nil, 199)], verdict: .informational),
        Row(
            testDescription: "binary came back alone",
            opcode: .binary,
            trials: [(1, true, nil, nil)],
            verdict: .fail,
            ending: ", though it came back alone"
        ),
        Row(testDescription: "it came back in two frames", trials: [(2, true, nil, nil)], verdict: .informational),
        Row(
            testDescription: "the first trial counts",
            trials: [(1, false, nil, nil), (1, true, nil, nil)],
            verdict: .informational
        ),
        // Limits on frames.
        Row(
            testDescription: "many frames, of which one and two came back",
            size: 127,
            frames: 128,
            trials: [(1, true, nil, nil), (2, true, nil, nil)],
            verdict: .informational,
            ending: ", while it takes one of that size in a single frame and others in two"
        ),
        Row(
            testDescription: "127 frames, of which one and two came back",
            size: 126,
            frames: 127,
            trials: [(1, true, nil, nil), (2, true, nil, nil)],
            verdict: .fail,
            ending: ", though the same message in one frame came back"
        ),
        Row(
            testDescription: "many frames, of which one alone came back",
            size: 127,
            frames: 128,
            trials: [(1, true, nil, nil), (2, false, nil, nil)],
            verdict: .fail,
            ending: ", though the same message in one frame came back"
        ),
        Row(
            testDescription: "many frames, of which one came back and two were not tried",
            size: 127,
            frames: 128,
            trials: [(1, true, nil, nil)],
            verdict: .fail,
            ending: ", though the same message in one frame came back"
        ),
        Row(
            testDescription: "many frames, of which neither came back",
            size: 127,
            frames: 128,
            trials: [(1, false, nil, nil), (2, false, nil, nil)],
            verdict: .informational,
            ending: "in 128 frames with Close 1009"
        ),
        Row(testDescription: "many frames, not tried", size: 127, frames: 128, verdict: .informational),
        // Types.
        Row(testDescription: "text", code: 1003, verdict: .informational),
        Row(testDescription: "text in fragments", code: 1003, frames: 2, verdict: .tolerated),
        Row(testDescription: "binary in fragments", code: 1003, opcode: .binary, frames: 2, verdict: .informational),
        Row(testDescription: "text behind text", code: 1003, echoed: [1], verdict: .fail),
        Row(testDescription: "text behind empty text", code: 1003, echoed: [0], verdict: .fail),
        Row(testDescription: "binary behind text", code: 1003, opcode: .binary, echoed: [1], verdict: .informational),
        Row(
            testDescription: "text where text was echoed before",
            code: 1003,
            application: ObservedApplication(text: .echo, binary: .refusal),
            verdict: .fail
        ),
        Row(
            testDescription: "binary where text alone was echoed before",
            code: 1003,
            opcode: .binary,
            application: ObservedApplication(text: .echo, binary: .refusal),
            verdict: .informational
        ),
        Row(
            testDescription: "binary where it was echoed before",
            code: 1003,
            opcode: .binary,
            application: ObservedApplication(text: .unknown, binary: .echo),
            verdict: .fail
        ),
        Row(
            testDescription: "type that came back alone",
            code: 1003,
            opcode: .binary,
            trials: [(1, true, nil, nil)],
            verdict: .fail,
            ending: ", though it came back alone"
        ),
        Row(
            testDescription: "type that was refused alone, where it was echoed before",
            code: 1003,
            opcode: .binary,
            trials: [(1, false, nil, nil)],
            application: ObservedApplication(text: .unknown, binary: .echo),
            verdict: .informational
        ),
        Row(
            testDescription: "fragments of text that were refused alone",
            code: 1003,
            frames: 2,
            trials: [(1, false, nil, nil)],
            verdict: .informational
        ),
        // Codes that name no limit.
        Row(testDescription: "1002", code: 1002, trials: [(1, true, nil, nil)], verdict: .fail, ending: "1002 instead"),
        Row(testDescription: "1011", code: 1011, trials: [(1, false, nil, nil)], verdict: .fail, ending: "instead"),
    ]

    private static func judgement(_ row: Row, after ours: Bool = false) -> Judgement {
        let payload = Payload.repeating("a", length: row.size)
        let before = row.echoed.map { Payload.repeating("b", length: $0) }
        // Of a message that is a multiple of its fragments the last frame is empty.
        let fragment = row.frames == 1 ? row.size : row.frames == 2 ? row.size - 1 : row.size / (row.frames - 1)
        let message = MessageToSend(row.opcode, payload, fragmentLength: fragment)
        let scenario = Scenario(
            id: "made/for-an-excuse",
            title: "Messages of which the last one is refused",
            requirements: ["RFC6455-6.2-01"],
            needs: .echo,
            script: before.map { .send(FrameToSend(.text, $0)) } + [.sendMessage(message)],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events(before.map { .message(.text, $0) } + [.message(row.opcode, payload)]))],
            closing: [
                .conforms(.peerReplies(codes: [1000, 1005])), .tolerated(.peerReplies(codes: nil), "another code"),
                .violates(.peerCloses(codes: nil), "an error was reported where nothing had gone wrong"),
            ]
        )
        var record = RecordedEvents.opened(scenario)
        for (index, step) in scenario.script.enumerated() { record.send(step: index, 0..<step.frameCount(at: .quick)) }
        for payload in before { record.receive(record.frame(.text, payload.octets)) }
        if ours { record.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]) }
        record.receive(record.frame(.close, CloseBody(code: row.code).encoded))
        record.end()
        for trial in row.trials {
            let isText = trial.isText ?? (row.opcode == .text)
            let length = trial.length ?? row.size
            record.mark(
                .tried(MessageTrial(isText: isText, length: length, frames: trial.frames, cameBack: trial.cameBack))
            )
        }
        var transcript = record.transcript
        transcript.header.application = row.application
        return LookedAt.judgement(of: scenario, transcript)
    }

    @Test func `It is believed where the peer bears it out`() async {
        await Sweep.each(of: Self.rows) { row in
            let judgement = Self.judgement(row)
            #expect(judgement.verdict == row.verdict, "\(judgement.reason)")
            #expect(judgement.reason.hasSuffix(row.ending), "\(judgement.reason)")
        }
    }

    @Test func `It answers a message, and not our Close`() async {
        await Sweep.each(of: Self.rows) { row in
            let judgement = Self.judgement(row, after: true)
            #expect(judgement.findings.allSatisfy { $0.rule != "limit" && $0.rule != "data-type" })
            #expect(judgement.verdict == .fail)
        }
    }

    @Test func `A trial is told as what was sent, in how many frames, and what came of it`() {
        let rows: [(MessageTrial, String)] = [
            (
                MessageTrial(isText: true, length: 1, frames: 1, cameBack: true),
                "= a text message of 1 octet in 1 frame, tried on its own, came back"
            ),
            (
                MessageTrial(isText: false, length: 2, frames: 2, cameBack: false),
                "= a binary message of 2 octets in 2 frames, tried on its own, was refused"
            ),
        ]
        for (trial, line) in rows {
            var record = RecordedEvents.opened(Catalogue.the("ping/empty"))
            record.end()
            record.mark(.tried(trial))
            #expect(record.judgement.wire.last == line)
        }
    }
}
