import Testing
import WSCatalogue
import WSJudge
import WSScenario
import WSTranscript

@Suite struct `Wire lines` {
    /// What is told of a run of frames that left in writes of these sizes, until the peer ended it.
    private func lines(_ writes: [Int], repliesToClose: Bool = false) -> [String] {
        var recording = Recording.opened(Catalogue.the("defect/10-mebibytes-unmasked"))
        var next = 0
        for count in writes {
            recording.sendFrames(of: 0, next..<next + count)
            next += count
        }
        recording.receiveClose(1002)
        if repliesToClose { recording.sendClose(1000) }
        recording.end()
        return recording.judgement.wire
    }

    @Test(arguments: [[1], [20, 44], [159], [160], [1, 159], Array(repeating: 1, count: 160)])
    func `A run that the peer has to end is one line, however far it came and in which writes`(writes: [Int]) {
        let frames = lines(writes).filter { $0.hasPrefix("> binary") }
        #expect(frames.count == 1)
        #expect(frames.first?.hasSuffix(", 160 times, or until the peer ended it") == true)
    }

    @Test func `Whether our reply to a Close frame got out behind a run of frames is not told`() {
        #expect(lines([160], repliesToClose: true) == lines([160]))
    }

    @Test(
        arguments: [
            ([0x8A, 0x01, 0x61], "< pong FIN 1 octet \"a\""), ([0x0A, 0x01, 0x61], "< pong 1 octet \"a\""),
            ([0xCA, 0x01, 0x61], "< pong FIN RSV1 1 octet \"a\""),
            ([0x8A, 0x81, 0, 0, 0, 0, 0x61], "< pong FIN masked 1 octet \"a\""),
            ([0x88, 0x02, 0x03, 0xE8], "< close FIN 2 octets 1000"), ([0x08, 0x00], "< close 0 octets"),
            (
                [0x88, 0x7E, 0x00, 0x7E, 0x03, 0xE8] + Array(repeating: 0x61, count: 124),
                "< close FIN 126 octets 1000 \"" + String(repeating: "a", count: 60) + "\" …"
            ),
        ] as [([UInt8], String)]
    )
    func `A control frame is told as its header has it`(octets: [UInt8], line: String) {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        recording.receive(octets)
        recording.end()
        #expect(recording.judgement.wire.contains(line))
    }

    @Test func `A frame is told as masked where its receiver is not to get it so, and as unmasked likewise`() {
        let toClient = ClientRecording.ordinary("masking/masked-ping").judgement.wire
        #expect(toClient.contains("> ping FIN masked 6 octets \"masked\""))
        var recording = Recording.opened(Catalogue.the("masking/unmasked-ping"))
        recording.sendScript()
        recording.end()
        #expect(recording.judgement.wire.contains("> ping FIN unmasked 8 octets \"unmasked\""))
    }
}
