import Foundation
import Testing
import WSCatalogue
import WSKernels
import WSLimits
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `The stimulus of a scenario as text` {
    private static let all = Catalogue.all.flatMap { scenario in
        scenario.targets.map { (id: "\(scenario.id), \($0)", stimulus: scenario.testing($0).stimulus) }
    }

    @Test func `comes back as it was, whatever the scenario does`() {
        for (id, stimulus) in Self.all {
            let text = StimulusText.encode(stimulus)
            #expect(
                StimulusText.decode(text) == stimulus,
                "\(id): \(String(decoding: text, as: UTF8.self).prefix(600))"
            )
        }
    }

    @Test func `has its members sorted, so that any JSON tool makes the same of it`() throws {
        for (id, stimulus) in Self.all {
            let text = Data(StimulusText.encode(stimulus))
            let value = try JSONSerialization.jsonObject(with: text)
            let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
            #expect(try JSONSerialization.data(withJSONObject: value, options: options) == text, "\(id)")
        }
    }

    @Test func `is small, however much is sent`() {
        let longest = Self.all.map { (count: StimulusText.encode($0.stimulus).count, id: $0.id) }.max {
            $0.count < $1.count
        }
        #expect(longest.map { $0.count <= Limits.stimulus.value * 4 / 5 } == true, "\(longest as Any)")
    }

    @Test func `differs between any two scenarios that differ in what they do`() {
        var texts: [[UInt8]: Stimulus] = [:]
        for (id, stimulus) in Self.all {
            let other = texts.updateValue(stimulus, forKey: StimulusText.encode(stimulus))
            #expect(other == nil || other == stimulus, "\(id)")
        }
    }

    @Test func `is that of the version before, octet by octet`() {
        let stimulus = Stimulus(
            opening: .request(RequestToSend(template: Array("GET /\r\n\r\n".utf8), pacing: .pieces(1))),
            script: [
                .send(FrameToSend(.text, .text("Hello"), fin: false, rsv: 4, masking: .key(7), pacing: .split(at: 3))),
                .sendMessage(MessageToSend(.binary, .repeating("ab", length: 1 << 24), fragmentLength: 65_536)),
                .barrier(tag: "A \"b\"", pings: 2), .startClosingHandshake(body: .octets([0x03, 0xE8])), .reset,
            ],
            conclusion: .peerFails(lateBarrier: true),
            payloads: [.text("Hello"), .empty]
        )
        let text = #"""
            {"conclusion":"peer-fails-or-answers","opening":{"kind":"request","pacing":{"kind":"pieces","length":1},\#
            "template":"474554202f0d0a0d0a"},"payloads":[{"hex":"48656c6c6f"},{"hex":""}],"script":[{"fin":false,\#
            "kind":"send","maskingKey":7,"opcode":1,"pacing":{"kind":"split","length":3},"payload":{"hex":"48656c6c6f"},\#
            "rsv":4},{"fragmentLength":65536,"kind":"send-message","opcode":2,"payload":{"length":16777216,"unit":"6162"}},\#
            {"count":2,"kind":"barrier","tag":"A \"b\""},{"kind":"start-closing-handshake","payload":{"hex":"03e8"}},\#
            {"kind":"reset"}]}
            """#
        #expect(String(decoding: StimulusText.encode(stimulus), as: UTF8.self) == text)
        #expect(StimulusText.decode(Array(text.utf8)) == stimulus)
    }

    @Test(arguments: [1, 255, 256, 257, 300, 513, 65_536])
    func `names long runs by what they repeat`(length: Int) {
        let turn = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let same = [UInt8](repeating: 0x61, count: length) + [0xC3, 0xA9]
        for octets in [turn, same, same + turn, turn + same + turn] {
            let stimulus = Stimulus(script: [.send(FrameToSend(.binary, .octets(octets)))], conclusion: .awaitEnd)
            let text = StimulusText.encode(stimulus)
            #expect(StimulusText.decode(text) == stimulus)
            #expect(text.count < 2_500)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "null",
        step(#"{"kind":"lunch"}"#), step(#"{"kind":"pause","milliseconds":-1}"#),
        step(#"{"kind":"pause","milliseconds":9223372036854775807}"#),
        step(#"{"fragmentLength":0,"kind":"send-message","opcode":1}"#),
        step(#"{"kind":"send","opcode":16}"#), step(#"{"kind":"send","opcode":1,"rsv":8}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"length":4,"unit":""}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"length":-4,"unit":"00"}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"hex":"0"}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"parts":[{"back":1,"length":300}]}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"parts":[{"hex":"00"},{"back":1,"length":9223372036854775807}]}}"#),
        step(#"{"kind":"send","opcode":1,"pacing":{"kind":"pieces","length":0}}"#),
        step(#"{"count":-1,"kind":"send-run","opcode":1}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"data":"json","length":1,"seed":1,"start":-1}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"data":"json","length":1,"seed":1,"start":194048}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"data":"json","length":-1,"seed":1,"start":0}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"data":"tea","length":1,"seed":1,"start":0}}"#),
        step(#"{"kind":"send","opcode":1,"payload":{"data":"json","length":1,"start":0}}"#),
        step(#"{"count":9,"kind":"echo-loop","opcode":1,"quickCount":3,"turn":0}"#),
        step(#"{"compressed":false,"count":9,"kind":"echo-loop","opcode":1,"quickCount":3}"#),
        step(#"{"compressed":true,"count":9,"fragmentLength":0,"kind":"echo-loop","opcode":1,"quickCount":3}"#),
        step(#"{"count":9,"fragmentLength":256,"kind":"echo-loop","opcode":1,"quickCount":3}"#),
        // What another version may add is not passed over.
        step(#"{"compressed":true,"kind":"send","opcode":1}"#), step(#"{"kind":"reset"} "#),
    ])
    func `is refused where it is not what this version writes`(text: String) {
        #expect(StimulusText.decode(Array(text.utf8)) == nil)
    }

    private static func step(_ text: String) -> String {
        #"{"conclusion":"await-end","opening":{"kind":"ordinary"},"payloads":[],"script":[\#(text)]}"#
    }

    @Test func `The refused ones would be taken without what is wrong in them`() {
        #expect(StimulusText.decode(Array(Self.step(#"{"kind":"reset"}"#).utf8)) != nil)
        #expect(StimulusText.decode(Array(Self.step(#"{"kind":"send","opcode":1,"rsv":7}"#).utf8)) != nil)
        let sample = #"{"kind":"send","opcode":1,"payload":{"data":"json","length":1,"seed":1,"start":194047}}"#
        #expect(StimulusText.decode(Array(Self.step(sample).utf8)) != nil)
        let loop =
            #"{"compressed":true,"count":9,"fragmentLength":1,"kind":"echo-loop","opcode":1,"quickCount":3,"turn":1}"#
        #expect(StimulusText.decode(Array(Self.step(loop).utf8)) != nil)
    }
}
