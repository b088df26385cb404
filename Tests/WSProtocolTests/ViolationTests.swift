import TestSupport
import Testing
import WSFuzzing
import WSKernels
import WSProtocol

/// One stream with what is wrong in it.
struct ViolationCase: Sendable, CustomTestStringConvertible {
    var name: String
    var sender = Role.server
    var bytes: String
    var violations: [(ViolationRule, UInt64)]

    init(_ name: String, from sender: Role = .server, _ bytes: String, _ violations: [(ViolationRule, UInt64)]) {
        self.name = name
        self.sender = sender
        self.bytes = bytes.replacing(" ", with: "")
        self.violations = violations
    }

    var testDescription: String { name }
}

@Suite struct `Violations` {
    static let headers: [ViolationCase] = [
        ViolationCase("a masked server frame", "8180 00000000", [(.maskedServerFrame, 1)]),
        ViolationCase("an unmasked client frame", from: .client, "8100", [(.unmaskedClientFrame, 1)]),
        ViolationCase(
            "a second frame that is not masked",
            from: .client,
            "8280 01020304 8900",
            [(.unmaskedClientFrame, 7)]
        ),
        ViolationCase("RSV1", "c100", [(.reservedBits, 0)]),
        ViolationCase("RSV2 on a ping", "8100 a900", [(.reservedBits, 2)]),
        ViolationCase("RSV3 on a Close frame", "98 02 03e8", [(.reservedBits, 0)]),
        ViolationCase("a reserved data opcode", "8100 8301aa", [(.reservedOpcode, 2)]),
        ViolationCase("a reserved opcode inside a message", "0100 0500 8000", [(.reservedOpcode, 2)]),
        ViolationCase("a reserved control opcode", "8f00", [(.reservedOpcode, 0)]),
        ViolationCase(
            "a fragmented reserved control frame",
            "0b00",
            [(.reservedOpcode, 0), (.fragmentedControl, 0)]
        ),
        ViolationCase("a fragmented ping", "0900", [(.fragmentedControl, 0)]),
        ViolationCase("a fragmented Close frame", "08 02 03e8", [(.fragmentedControl, 0)]),
        ViolationCase(
            "a ping of 126 bytes",
            "897e007e" + String(repeating: "2a", count: 126),
            [(.oversizedControl, 1)]
        ),
        ViolationCase("a continuation at the start", "8000", [(.continuationWithoutStart, 0)]),
        ViolationCase(
            "an open continuation at the start",
            "0001aa 8001bb",
            [(.continuationWithoutStart, 0), (.continuationWithoutStart, 3)]
        ),
        ViolationCase("a continuation after a whole message", "8100 8000", [(.continuationWithoutStart, 2)]),
        ViolationCase("a text inside a message", "0100 8100", [(.dataFrameInsideMessage, 2)]),
        ViolationCase("an opening binary inside a message", "0100 8900 0200 8000", [(.dataFrameInsideMessage, 4)]),
        ViolationCase("length 0 in 16 bits", "827e0000", [(.nonMinimalLength, 1)]),
        ViolationCase(
            "length 125 in 16 bits",
            "827e007d" + String(repeating: "00", count: 125),
            [(.nonMinimalLength, 1)]
        ),
        ViolationCase("length 1 in 64 bits", "827f0000000000000001 aa", [(.nonMinimalLength, 1)]),
        ViolationCase("length 65535 in 64 bits", "827f000000000000ffff", [(.nonMinimalLength, 1)]),
        ViolationCase("the top bit of a length", "827f8000000000000000", [(.lengthTopBit, 2)]),
        ViolationCase("all bits of a length", "8900 827fffffffffffffffff", [(.lengthTopBit, 4)]),
        ViolationCase(
            "everything at once",
            "7bff8000000000000001 00000000",
            [
                (.maskedServerFrame, 1), (.reservedBits, 0), (.reservedOpcode, 0), (.fragmentedControl, 0),
                (.oversizedControl, 1), (.lengthTopBit, 2),
            ]
        ),
        ViolationCase(
            "data after a Close frame",
            "8800 8100 8900 8800 0200 8000 8300",
            [
                (.dataAfterClose, 2), (.dataAfterClose, 8), (.dataAfterClose, 10), (.reservedOpcode, 12),
                (.dataAfterClose, 12),
            ]
        ),
    ]

    static let texts: [ViolationCase] = [
        ViolationCase("an impossible byte", "8103 6180 61", [(.invalidUTF8, 3)]),
        ViolationCase("only the first impossible byte", "8103 ff80ff", [(.invalidUTF8, 2)]),
        ViolationCase("a surrogate's second byte", "8103 eda080", [(.invalidUTF8, 3)]),
        ViolationCase("an impossible byte in a later frame", "0102 61c3 8900 8001 28", [(.invalidUTF8, 8)]),
        ViolationCase("an impossible byte under a mask", from: .client, "8183 01020304 60 82 62", [(.invalidUTF8, 7)]),
        ViolationCase(
            "two messages, each with its own",
            "8101 80 8101 61 8101 bf",
            [(.invalidUTF8, 2), (.invalidUTF8, 8)]
        ),
        ViolationCase("text that ends inside a sequence", "8102 61c3", [(.truncatedUTF8, 3)]),
        ViolationCase(
            "text that ends inside a sequence begun frames ago",
            "0103 61f09f 0001 98 8900 8000",
            [(.truncatedUTF8, 3)]
        ),
        ViolationCase("a text dropped inside a sequence", "0101 c3 8101 61", [(.dataFrameInsideMessage, 3)]),
        ViolationCase("binary is not checked", "8202 ffff", []),
        ViolationCase("a continuation of binary is not checked", "0201 ff 8001 ff", []),
    ]

    static let closes: [ViolationCase] = [
        ViolationCase("an empty body", "8800", []),
        ViolationCase("a one-byte body", "8801 03", [(.closeBodyOneByte, 2)]),
        ViolationCase("code 0", "8802 0000", [(.closeCodeUnused, 2)]),
        ViolationCase("code 999", "8802 03e7", [(.closeCodeUnused, 2)]),
        ViolationCase("code 1004", "8802 03ec", [(.closeCodeReserved, 2)]),
        ViolationCase("code 1005", "8802 03ed", [(.closeCodeNoStatus, 2)]),
        ViolationCase("code 1006", from: .client, "8882 00000000 03ee", [(.closeCodeAbnormal, 6)]),
        ViolationCase("code 1010 of a server", "8802 03f2", [(.closeCodeForClientsOnly, 2)]),
        ViolationCase("code 1010 of a client", from: .client, "8882 00000000 03f2", []),
        ViolationCase("code 1015", "8802 03f7", [(.closeCodeTLSHandshake, 2)]),
        ViolationCase("code 1016", "8802 03f8", [(.closeCodeUndefined, 2)]),
        ViolationCase("code 2999", "8802 0bb7", [(.closeCodeUndefined, 2)]),
        ViolationCase("code 3000", "8802 0bb8", []),
        ViolationCase("code 4999", "8802 1387", []),
        ViolationCase("code 5000", "8802 1388", [(.closeCodeOutOfRange, 2)]),
        ViolationCase("a reason with an impossible byte", "8900 8805 03e8 61ff61", [(.closeReasonNotUTF8, 7)]),
        ViolationCase("a reason that ends inside a sequence", "8805 03e8 61e282", [(.closeReasonNotUTF8, 5)]),
        ViolationCase("a masked reason with an impossible byte", from: .client, "8883 01020304 02ea 7c", []),
        ViolationCase(
            "a masked reason that is not UTF-8",
            from: .client,
            "8883 01020304 02ea 83",
            [(.closeReasonNotUTF8, 8)]
        ),
        ViolationCase(
            "an oversized body that is cut inside a sequence",
            "887e007f 03e8" + String(repeating: "61", count: 122) + "c3a961",
            [(.oversizedControl, 1)]
        ),
    ]

    @Test
    func `Each is reported once, where it stands, however the stream is cut`() async {
        await Sweep.each(of: Self.headers + Self.texts + Self.closes, and: Feeding.anywhere) { example, feeding in
            let bytes = try #require(Hex.decode(example.bytes))
            let found = DripFeeder.observations(of: bytes, sender: example.sender, feeding).violations
            #expect(found == example.violations.map { Violation(rule: $0.0, offset: $0.1, detail: "") })
        }
    }

    @Test func `Every rule has an example`() {
        let rules = (Self.headers + Self.texts + Self.closes).flatMap { $0.violations.map(\.0) }
        // What is inflated has examples of its own (`CompressedMessageTests`).
        #expect(Set(rules) == Set(ViolationRule.allCases).subtracting([.invalidDeflate]))
    }

    @Test
    func `A rule cites RFC 6455 or 7692, asks for 1002 or 1007, and reads as a clause`() async {
        await Sweep.each(of: ViolationRule.allCases) { rule in
            #expect(rule.requirement.hasPrefix(rule == .invalidDeflate ? "RFC7692-" : "RFC6455-"))
            let isAboutContent = rule.rawValue.contains("utf8") || rule == .invalidDeflate
            #expect(rule.closeCode == (isAboutContent ? 1007 : 1002))
            #expect(!rule.summary.hasSuffix(".") && rule.summary.first?.isLowercase == true)
            #expect(
                rule.rawValue.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
            )
        }
    }

    @Test func `Details say what was found`() {
        let bytes: [UInt8] = [0xF9, 0x7E, 0x00, 0x7E]
        var decoder = StreamDecoder(sender: .server)
        var position = 0
        var details: [String] = []
        while let event = decoder.next(in: bytes.span, at: &position) {
            if case .violation(let violation) = event { details.append(violation.detail) }
        }
        #expect(details == ["RSV1, RSV2, RSV3 set on a ping frame", "ping frame of 126 bytes"])
    }

    @Test func `A message dropped by a new one never ends, and the new one does`() {
        let bytes: [UInt8] = [0x01, 0x01, 0x61, 0x82, 0x01, 0x62]
        let events = DripFeeder.observations(of: bytes, sender: .server)
        let message = Message(opcode: .binary, length: 1, frameCount: 1, offset: 3, end: 6)
        #expect(events.last == .other(.messageEnd(message)))
        let ends = events.filter { if case .other(.messageEnd) = $0 { true } else { false } }
        #expect(ends.count == 1)
    }

    @Test func `An oversized control frame keeps its first 125 bytes and its declared length`() {
        let bytes = [0x89, 0x7E, 0x00, 0xC8] + (0..<200).map { UInt8($0) }
        for feeding in Feeding.anywhere {
            let events = DripFeeder.observations(of: bytes, sender: .server, feeding)
            let payload = (0..<125).map { UInt8($0) }
            let ping = ControlFrame(opcode: .ping, payload: payload, declaredLength: 200, offset: 0, end: 204)
            #expect(events.last == .other(.control(ping)))
        }
    }
}
