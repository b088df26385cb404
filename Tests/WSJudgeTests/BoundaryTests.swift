import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Values on both sides of what rules of clients tell apart.
@Suite struct `Boundaries of the rules for clients` {
    /// A line that is added to an ordinary request, or takes the place of the one of its name, and what is found.
    private static let lines: [(line: String, keys: [String])] = [
        ("Origin: null", []), ("Origin: http://a.example", []), ("Origin: https://[::1]:8080", []),
        ("Origin: a", ["origin-malformed"]), ("Origin: ://a", ["origin-malformed"]),
        ("Origin: http://", ["origin-malformed"]), ("Origin: http://a/", ["origin-malformed"]),
        ("Origin: http://a?b", ["origin-malformed"]), ("Origin: http://a#b", ["origin-malformed"]),
        ("Origin: http://b@a", ["origin-malformed"]), ("Origin: http://a b", ["origin-malformed"]),
        ("Origin: http://a\tb", ["origin-malformed"]), ("Origin: http://ä", ["origin-malformed"]),
        ("Content-Length: 0", []), ("Content-Length: 1", ["content-with-get"]),
        ("Transfer-Encoding: chunked", ["content-with-get"]),
        ("Sec-WebSocket-Protocol: a, b", []), ("Sec-WebSocket-Protocol: a,b", []),
        ("Upgrade: websocket, \t, h2c", ["empty-list-element"]), ("Upgrade: ,websocket", ["empty-list-element"]),
        ("Upgrade: websocket,\t", ["empty-list-element"]), ("Upgrade: websocket, h2c", []),
        ("Connection: keep-alive, Upgrade", []), ("Connection: Upgrade,", ["empty-list-element"]),
        ("Host: 127.0.0.1:9002", []),
        ("User-Agent: one", []), ("Max-Forwards: 1", []),
    ]

    /// The ordinary request with a line of its own.
    private static func request(_ line: String) -> [String] {
        let name = line.prefix { $0 != ":" } + ":"
        var lines = ClientRecording.lines
        guard let index = lines.firstIndex(where: { $0.hasPrefix(name) }) else { return lines + [line] }
        lines[index] = line
        return lines
    }

    private static func keys(_ line: String) -> [String] {
        ClientRecording.ordinary(lines: request(line)).judgement.findings.map(\.reasonKey)
    }

    @Test func `A line is found for what it is, and its neighbour is not`() {
        for row in Self.lines {
            let found = Self.keys(row.line)
            #expect(found.count == row.keys.count, "\(row.line): \(found)")
            #expect(zip(found, row.keys).allSatisfy { $0.hasPrefix($1) }, "\(row.line): \(found)")
        }
    }

    /// The version, and whether something besides 4.1 is found about its form.
    private static let versions: [(version: String, requirement: String?)] = [
        ("8", nil), ("0", nil), ("255", nil), ("1", nil), ("256", "RFC6455-11.6-01"), ("", "RFC6455-11.6-01"),
        ("1a", "RFC6455-11.6-01"), ("-1", "RFC6455-11.6-01"), ("00", "RFC6455-4.3-04"), ("013", "RFC6455-4.3-04"),
        ("0x", "RFC6455-11.6-01"),
    ]

    @Test func `A version is a number from 0 to 255 without a leading zero`() {
        for row in Self.versions {
            let lines = Self.request("Sec-WebSocket-Version: \(row.version)")
            let found = ClientRecording.ordinary(lines: lines).judgement.findings.map(\.requirement)
            for requirement in ["RFC6455-11.6-01", "RFC6455-4.3-04"] {
                #expect(found.contains(requirement) == (requirement == row.requirement), "\(row.version): \(found)")
            }
        }
    }

    // MARK: - Masking keys

    /// Keys without a pattern; of the first ones bit 31 is as given.
    private static func keys(_ count: Int, settingTopBitOf set: Int) -> [UInt32] {
        (0..<count).map { index in
            var value = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            let key = UInt32(truncatingIfNeeded: value ^ value >> 31)
            return index < set ? key | 0x8000_0000 : key & 0x7FFF_FFFF
        }
    }

    private static func problem(_ keys: [UInt32]) -> String? {
        var recording = ClientRecording(Catalogue.the("masking/keys-of-1000-pongs"))
        recording.maskingKeys = keys
        recording.answer()
        for _ in keys { recording.receive(.pong, Array("any".utf8)) }
        recording.end()
        return recording.judgement.findings.first { $0.rule == "masking-keys" }?.reason
    }

    @Test func `A bit is biased from eight standard deviations on`() {
        #expect(Self.problem(Self.keys(64, settingTopBitOf: 64))?.contains("bit 0 of 64 masking keys") == true)
        #expect(Self.problem(Self.keys(64, settingTopBitOf: 63)) == nil)
        #expect(Self.problem(Self.keys(64, settingTopBitOf: 0))?.contains("bit 0 of 64 masking keys") == true)
        #expect(Self.problem(Self.keys(63, settingTopBitOf: 63)) == nil)
        #expect(Self.problem(Self.keys(100, settingTopBitOf: 90))?.contains("bit 0") == true)
        #expect(Self.problem(Self.keys(100, settingTopBitOf: 89)) == nil)
        #expect(Self.problem(Self.keys(100, settingTopBitOf: 11)) == nil)
        let last = Self.keys(100, settingTopBitOf: 50).map { $0 | 1 }
        #expect(Self.problem(last)?.contains("bit 31 of 100") == true)
    }

    @Test func `Keys are counted where six or more grow or shrink by less than 2 to the 16`() {
        func stepping(_ steps: [UInt32]) -> [UInt32] {
            steps.reduce(into: [0x1000_0001]) { keys, step in keys.append((keys.last ?? 0) &+ step) }
        }
        let small: [UInt32] = [0xFFFF, 3, 0x1234, 7, 0xFFFE]
        #expect(Self.problem(stepping(small))?.contains("follows from the one before") == true)
        #expect(Self.problem(stepping(Array(small.dropLast()))) == nil)
        #expect(Self.problem(stepping([0x1_0000, 3, 0x1234, 7, 0xFFFE])) == nil)
        let down = small.map { 0 &- $0 }
        #expect(Self.problem(stepping(down))?.contains("follows from the one before") == true)
        #expect(Self.problem(stepping([0 &- 0x1_0000, 0 &- 3, 0 &- 5, 0 &- 7, 0 &- 9])) == nil)
        #expect(Self.problem(stepping([5, 5, 5]))?.contains("follows") == true)
    }

    @Test func `Few repetitions and one key of zeros are chance`() {
        let keys = Self.keys(10, settingTopBitOf: 5)
        #expect(Self.problem(keys + keys.prefix(2)) == nil)
        #expect(Self.problem(keys + keys.prefix(3))?.hasPrefix("masked 3 of 13 frames") == true)
        #expect(Self.problem(keys + [0]) == nil)
        #expect(Self.problem(keys + [0, 0])?.hasPrefix("masked 2 of 12 frames with a key of zeros") == true)
    }
}
