import TestSupport
import Testing
import WSLimits

@Suite struct `Bounds` {
    @Test func `The article has a row for each`() {
        let difference = Golden.difference(
            Limits.table,
            fromSection: "limits",
            of: "Sources/WSLimits/WSLimits.docc/Limits.md"
        )
        #expect(difference == nil)
    }

    @Test func `Each has a name of its own and allows something`() {
        let all = Limits.all
        #expect(Set(all.map(\.name)).count == all.count)
        #expect(all.allSatisfy { $0.value > 0 })
    }

    @Test func `Their texts have the largest unit that divides the value`() {
        #expect(Limits.targetLog.text == "16 MiB")
        #expect(Limits.ending.text == "2 s")
        #expect(Limits.agents.text == "64")
        #expect(Limits.logLine.text == "2000 octets")
        #expect("\(Limits.transcripts)" == "the limit transcripts of 256 MiB")
    }

    @Test func `They cut between letters, and say that they cut`() {
        let text = String(repeating: "€", count: 1_000)
        #expect(Limits.quotation.cut(text) == String(repeating: "€", count: 170) + "…")
        #expect(Limits.quotation.cut("€") == "€")
    }
}
