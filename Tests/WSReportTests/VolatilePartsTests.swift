import Testing
import WSJudge
import WSReport

@Suite("Volatile parts")
struct VolatilePartsTests {
    @Test("Two runs that differ in times, ports and read boundaries alone are equal without them")
    func equal() {
        func report(port: Int, milliseconds: Int64, date: String) -> Report {
            var judgement = Samples.judgement()
            judgement.durationNanoseconds = milliseconds * 1_000_000
            judgement.wireLines.append(WireLine("= 127.0.0.1:\(port) ended the connection"))
            judgement.autobahn?.httpRequest = "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
            judgement.autobahn?.httpResponse = "HTTP/1.1 101 OK\r\ndate: \(date)\r\nServer: x\r\n\r\n"
            judgement.autobahn?.rxOctetStats = [port: 1]
            judgement.target?.residentOctetsPeak = UInt64(port)
            judgement.target?.residentOctetsBefore = UInt64(milliseconds)
            judgement.target?.processorSeconds = Double(port)
            var builder = Samples.builder()
            var judged = Samples.judged(Samples.scenario(), judgement)
            judged.started = Timestamp.utc(milliseconds: milliseconds)
            builder.add(judged)
            return Samples.report(builder, url: "ws://127.0.0.1:\(port)/chat?x", startedAt: milliseconds)
        }
        let one = report(port: 41_231, milliseconds: 12, date: "Sun, 22 Nov 2026 15:41:52 GMT")
        let other = report(port: 50_007, milliseconds: 977, date: "Mon, 23 Nov 2026 01:00:00 GMT")
        #expect(one != other)
        #expect(one.withoutVolatileParts == other.withoutVolatileParts)
        #expect(one.withoutVolatileParts.peer.url == "ws://{authority}/chat?x")
        #expect(one.withoutVolatileParts.run == nil)
        #expect(one.withoutVolatileParts.cases[0].target?.exitStatus == 3)
        #expect(one.withoutVolatileParts.cases[0].autobahn?.httpResponse.contains("Date: {date}\r\nServer: x") == true)
    }

    @Test("A verdict is no volatile part")
    func verdictStays() {
        var builder = Samples.builder()
        builder.add(Samples.judged())
        let failed = Samples.report(builder)
        var judgement = Samples.judgement()
        judgement.verdict = .pass
        builder.add(Samples.judged(Samples.scenario(), judgement))
        #expect(failed.withoutVolatileParts != Samples.report(builder).withoutVolatileParts)
    }

    @Test(
        "A moment is written in UTC to the millisecond",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_362_069_913, "2026-11-22T15:41:09.913Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func timestamp(milliseconds: Int64, text: String) {
        #expect(Timestamp.utc(milliseconds: milliseconds) == text)
    }
}
