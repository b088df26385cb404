import WSLink
import WSModelPeer
import WSProtocol

extension ModelDefect {
    /// What the defect is tried with; one that no switch has fails its test.
    var trial: DefectTrial {
        handshakeTrial ?? unusualRequestTrial ?? formTrial ?? readingTrial ?? receivingTrial ?? compressionTrial
            ?? sendingTrial
    }

    private var handshakeTrial: DefectTrial? {
        let chat = ScriptedClient.handshake { $0.subprotocols = ["chat", "superchat"] }
        let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        let field = "Sec-WebSocket-Protocol"
        let extensions = "Sec-WebSocket-Extensions"
        return switch self {
        case .wrongAccept: .answer { $0.values(of: "Sec-WebSocket-Accept").allSatisfy { $0 != accept } }
        case .missingAccept: .answer { $0.values(of: "Sec-WebSocket-Accept").isEmpty }
        case .repeatedAccept: .answer { $0.values(of: "Sec-WebSocket-Accept") == [accept, accept] }
        case .status200: .answer { $0.status == 200 }
        case .malformedStatusLine: .answer { $0.head?.startLineText.hasPrefix("HTTP/1.1 1101 ") == true }
        case .http10Response: .answer { $0.head?.startLineText.hasPrefix("HTTP/1.0 101 ") == true }
        case .missingUpgradeField: .answer { $0.values(of: "Upgrade").isEmpty }
        case .wrongUpgradeField: .answer { $0.values(of: "Upgrade") == ["h2c"] }
        case .upgradeList: .answer { $0.values(of: "Upgrade") == ["websocket, h2c"] }
        case .missingConnectionField: .answer { $0.values(of: "Connection").isEmpty }
        case .wrongConnectionField: .answer { $0.values(of: "Connection") == ["keep-alive"] }
        case .unaskedSubprotocol: .answer { $0.values(of: field) == ["unasked"] }
        case .unofferedSubprotocol:
            DefectTrial(handshake: chat, speaks: ["superchat"]) { $0.values(of: field) == ["unoffered"] }
        case .emptySubprotocol: DefectTrial(handshake: chat) { $0.values(of: field) == [""] }
        case .subprotocolList: DefectTrial(handshake: chat) { $0.values(of: field) == ["first, second"] }
        case .repeatedSubprotocol: DefectTrial(handshake: chat) { $0.values(of: field) == ["chat", "chat"] }
        case .unofferedExtension: .answer { $0.values(of: extensions) == ["x-unoffered"] }
        case .emptyExtension: .answer { $0.values(of: extensions) == [""] }
        case .malformedExtension: .answer { $0.values(of: extensions) == ["=;"] }
        case .quotesWhatIsNoToken: .answer { $0.values(of: extensions) == ["permessage-deflate; level=\"9 9\""] }
        case .contentLengthInAnswer: .answer { $0.status == 101 && $0.values(of: "Content-Length") == ["0"] }
        case .transferEncodingInAnswer: .answer { $0.values(of: "Transfer-Encoding") == ["chunked"] }
        case .acceptsPost: DefectTrial(replacing: "GET", by: "POST", shows: \.isOpened)
        case .acceptsHTTP10: DefectTrial(replacing: "HTTP/1.1", by: "HTTP/1.0", shows: \.isOpened)
        case .acceptsMissingHost: DefectTrial(replacing: "Host: localhost\r\n", by: "", shows: \.isOpened)
        case .acceptsMissingUpgrade: DefectTrial(replacing: "Upgrade: websocket\r\n", by: "", shows: \.isOpened)
        case .acceptsMissingConnection: DefectTrial(replacing: "Connection: Upgrade\r\n", by: "", shows: \.isOpened)
        case .acceptsMissingKey: DefectTrial(replacing: "Sec-WebSocket-Key", by: "X-Key", shows: \.isOpened)
        case .acceptsInvalidKey: DefectTrial(replacing: "dGhl", by: "", shows: \.isOpened)
        case .acceptsMissingVersion: DefectTrial(replacing: "Sec-WebSocket-Version", by: "X-V", shows: \.isOpened)
        case .acceptsWrongVersion: DefectTrial(replacing: "Version: 13", by: "Version: 8", shows: \.isOpened)
        case .omitsSupportedVersions:
            DefectTrial(replacing: "Version: 13", by: "Version: 8") {
                $0.status == 426 && $0.values(of: "Sec-WebSocket-Version").isEmpty
            }
        case .caseSensitiveUpgrade: DefectTrial(replacing: "websocket", by: "WebSocket") { $0.status == 400 }
        case .caseSensitiveConnection:
            DefectTrial(replacing: "Connection: Upgrade", by: "Connection: upgrade") { $0.status == 400 }
        case .refusesConnectionList:
            DefectTrial(replacing: "Connection: ", by: "Connection: keep-alive, ") { $0.status == 400 }
        case .requiresOrigin: .answer { $0.status == 400 }
        default: nil
        }
    }

    private var receivingTrial: DefectTrial? {
        switch self {
        case .swallowsRSV: DefectTrial(frame(.text, "a", rsv: 4), close(), gives: .init(.text, "a"), .close(1000))
        case .swallowsReservedOpcode:
            DefectTrial(frame(Opcode(rawValue: 3), "a"), frame(Opcode(rawValue: 11)), close(), gives: .close(1000))
        case .swallowsFragmentedControl:
            DefectTrial(frame(.ping, "a", fin: false), close(), gives: .init(.pong, "a"), .close(1000))
        case .swallowsOversizedControl:
            DefectTrial(
                frame(.ping, Array(repeating: 1, count: 126)),
                close(),
                gives: .init(.pong, Array(repeating: 1, count: 125)),
                .close(1000)
            )
        case .swallowsOrphanContinuation:
            DefectTrial(frame(.continuation, "a"), frame(.text, "b"), close(), gives: .init(.text, "b"), .close(1000))
        case .swallowsInterleavedMessage:
            DefectTrial(
                frame(.text, "a", fin: false),
                frame(.text, "b"),
                close(),
                gives: .init(.text, "b"),
                .close(1000)
            )
        case .joinsMessagesBehindControl:
            DefectTrial(
                frame(.binary, "a", fin: false),
                frame(.ping),
                frame(.text, "b"),
                close(),
                gives: .init(.pong, ""),
                .init(.binary, "ab"),
                .close(1000)
            )
        case .swallowsUnmasked:
            DefectTrial(frame(.text, [0x61], key: nil), close(), gives: .init(.text, "a"), .close(1000))
        case .swallowsNonMinimalLength:
            DefectTrial(frame(.text, [0x61], lengthEncoding: .bits16), close(), gives: .init(.text, "a"), .close(1000))
        case .swallowsLengthTopBit:
            DefectTrial(frame(.binary, [0x61], length: 1 << 63)) { $0.frames.isEmpty && $0.end == .closedHere }
        case .swallowsInvalidUTF8:
            DefectTrial(frame(.text, [0xFF]), close(), gives: .init(.text, [0xFF]), .close(1000))
        case .swallowsTruncatedUTF8:
            DefectTrial(frame(.text, [0xC3]), close(), gives: .init(.text, [0xC3]), .close(1000))
        case .lateUTF8Check:
            DefectTrial(
                frame(.text, [0xFF], fin: false),
                frame(.ping),
                frame(.continuation),
                close(),
                gives: .init(.pong, ""),
                .close(1007)
            )
        case .lateUTF8CheckAfterPing:
            DefectTrial(
                frame(.text, [0x61], fin: false),
                frame(.ping),
                frame(.continuation, [0xFF], fin: false),
                frame(.ping),
                frame(.continuation),
                close(),
                gives: .init(.pong, ""),
                .init(.pong, ""),
                .close(1007)
            )
        case .acceptsOneByteClose: DefectTrial(frame(.close, [0x03]), gives: .init(.close, ""))
        case .acceptsInvalidCloseCode: DefectTrial(close(1005), gives: .close(1005))
        case .mendsCloseReasons:
            DefectTrial(frame(.close, [0x03, 0xE8, 0xFF])) {
                $0.frames == [.init(.close, [0x03, 0xE8, 0xEF, 0xBF, 0xBD])]
            }
        case .acceptsInvalidCloseReason: DefectTrial(frame(.close, [0x03, 0xE8, 0xFF]), gives: .close(1000))
        case .rejectsFragmentedMessage:
            DefectTrial(frame(.text, "a", fin: false), frame(.continuation, "b"), close(), gives: .close(1002))
        case .rejectsControlInsideMessage:
            DefectTrial(
                frame(.ping),
                frame(.text, "a", fin: false),
                frame(.ping),
                gives: .init(.pong, ""),
                .close(1002)
            )
        case .rejectsSplitCharacters:
            DefectTrial(
                frame(.text, [0xC3], fin: false),
                frame(.continuation, [0xA9]),
                close(),
                gives: .close(1007)
            )
        case .rejectsNoncharacters: DefectTrial(frame(.text, "\u{FFFF}"), close(), gives: .close(1007))
        case .rejectsNonASCII: DefectTrial(frame(.text, "\u{E9}"), close(), gives: .close(1007))
        case .expectsJSON: DefectTrial(frame(.text, "hello"), close(), gives: .close(1007))
        case .cutsTextAtNUL: DefectTrial(frame(.text, "a\0b"), close(), gives: .init(.text, "a"), .close(1000))
        case .skipsBrokenFrames:
            DefectTrial(
                frame(.text, "a", rsv: 4),
                frame(.text, [0xFF]),
                frame(.ping, "p"),
                close(),
                gives: .init(.pong, "p"),
                .close(1000)
            )
        case .oneFramePerRead: DefectTrial(frame(.binary, [0x61], length: 1 << 40), gives: .init(.binary, "a"))
        case .narrowsLengths:
            DefectTrial(
                frame(.binary, [], length: 1 << 32),
                frame(.ping, "p"),
                close(),
                gives: .init(.binary, ""),
                .init(.pong, "p"),
                .close(1000)
            )
        case .rejectsZeroKey: DefectTrial(frame(.text, [0x61], key: 0), close(), gives: .close(1002))
        case .rejectsPrivateCloseCode: DefectTrial(close(4000), gives: .close(1002))
        case .closesAbove64K:
            DefectTrial(frame(.binary, Array(repeating: 0, count: 65_537)), close(), gives: .close(1009))
        case .refusesBinary: DefectTrial(frame(.binary, [1]), close(), gives: .close(1003))
        case .resetsOnBinary: DefectTrial(frame(.binary, [1]), close()) { $0.frames.isEmpty && $0.end == .reset }
        default: nil
        }
    }
}

extension Conversation {
    var isOpened: Bool { status == 101 && plainFrames == [.close(1000)] }
}
