import Testing
import WSProtocol

@Suite struct `Close frames` {
    @Test(
        arguments: [
            (0...999, .unused), (1000...1003, .registered), (1004...1004, .reservedUndefined),
            (1005...1006, .reservedNeverOnWire), (1007...1014, .registered), (1015...1015, .reservedNeverOnWire),
            (1016...2999, .reservedForProtocol), (3000...3999, .registeredRange), (4000...4999, .privateUse),
            (5000...65_535, .outOfRange),
        ] as [(ClosedRange<UInt16>, CloseCode.Classification)]
    )
    func `Codes are classified by the ranges of RFC 6455 section 7.4`(
        codes: ClosedRange<UInt16>,
        classification: CloseCode.Classification
    ) {
        for code in codes where CloseCode.classification(of: code) != classification {
            Issue.record("\(code) is not \(classification)")
        }
    }

    @Test func `Codes that may be on the wire are those in use and the two free ranges`() {
        let allowed = (0...UInt16.max).filter { CloseCode.mayAppearOnWire($0) }
        #expect(allowed == Array(1000...1003) + Array(1007...1014) + Array(3000...4999))
        #expect(!CloseCode.mayAppearOnWire(1010, sentBy: .server))
        #expect(CloseCode.mayAppearOnWire(1010, sentBy: .client))
    }

    @Test func `A body comes back from its octets`() {
        for body in [
            CloseBody(), CloseBody(code: 1000), CloseBody(code: 65_535, reason: Array("bye €".utf8)),
            CloseBody(reason: [7]),
        ] {
            #expect(CloseBody.decode(body.encoded) == body)
        }
        #expect(CloseBody(code: 1002, reason: [0x61]).encoded == [0x03, 0xEA, 0x61])
    }

    @Test func `Empty and one-byte bodies are told apart`() {
        #expect(CloseBody.decode([]).isEmpty)
        #expect(!CloseBody.decode([]).isOneByte)
        #expect(CloseBody.decode([3]).isOneByte)
        #expect(!CloseBody.decode([3]).isEmpty)
        #expect(!CloseBody.decode([3, 232]).isEmpty)
    }

    @Test func `A reason is text only if it is UTF-8`() {
        #expect(CloseBody(code: 1000, reason: Array("café".utf8)).reasonText == "café")
        #expect(CloseBody(code: 1000, reason: [0xC3]).reasonText == nil)
    }
}
