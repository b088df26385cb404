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
}
