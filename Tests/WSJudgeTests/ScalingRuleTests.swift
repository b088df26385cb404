import Testing
import WSCatalogue
import WSJudge
import WSScenario
import WSTranscript

@Suite struct `The scaling rule` {
    private func judged(_ half: Int64, _ whole: Int64) -> Judgement {
        var recording = Recording.clean(Catalogue.the("defect/time-of-fragments"))
        recording.mark(.compared(half: half * 1_000_000, whole: whole * 1_000_000))
        return recording.judgement
    }

    @Test(arguments: [(100, 200), (100, 300), (500, 1000), (300, 200), (0, 400)] as [(Int64, Int64)])
    func `Twice as long for twice as much is fine, with room for a busy machine`(half: Int64, whole: Int64) {
        #expect(judged(half, whole).findings.isEmpty)
    }

    @Test(arguments: [(100, 301), (100, 400), (1000, 4000), (1, 60_000)] as [(Int64, Int64)])
    func `Four times as long is found wanting, and never fails`(half: Int64, whole: Int64) {
        let judgement = judged(half, whole)
        #expect(judgement.verdict == .tolerated)
        #expect(judgement.findings.map(\.rule) == ["scaling"])
    }

    @Test(arguments: [(1, 4), (10, 199)] as [(Int64, Int64)])
    func `What is fast says nothing about how it grows`(half: Int64, whole: Int64) {
        #expect(judged(half, whole).findings.isEmpty)
    }
}
