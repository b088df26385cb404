import WSLink
import WSModelPeer
import WSProtocol

/// Trials of the defects that show in the form of an answer, in when it comes, and in how legal frames are read.
extension ModelDefect {
    /// What the defect is tried with; nil for one of another kind.
    var formTrial: DefectTrial? {
        let host = "Host: localhost\r\n"
        let foreign = host + "Origin: https://elsewhere.example\r\n"
        let long = String(repeating: "a", count: 70_000)
        let deflate = ScriptedClient.handshake { $0.extensions = ["permessage-deflate"] }
        let versions = "Sec-WebSocket-Version"
        return switch self {
        case .unpaddedAccept: .answer { $0.values(of: "Sec-WebSocket-Accept") == ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo"] }
        case .spacesBeforeColonInAnswer: .answer { $0.head?.problems.map(\.rule) == [.whitespaceBeforeColon] }
        case .whitespaceBeforeFirstField: .answer { $0.head?.problems.map(\.rule) == [.whitespaceBeforeFirstField] }
        case .http2Answer: .answer { $0.head?.startLineText.hasPrefix("HTTP/2.0 101 ") == true }
        case .unknownExtensionParameter:
            DefectTrial(handshake: deflate) {
                $0.values(of: "Sec-WebSocket-Extensions") == ["permessage-deflate; x-wsconform"]
            }
        case .usesUnlistedExtension: unlistedExtensionTrial
        case .omitsChallenge:
            DefectTrial(replacing: "Sec-WebSocket-Version: 13\r\n", by: "") {
                $0.status == 401 && $0.values(of: "WWW-Authenticate").isEmpty
            }
        case .listsWordAsVersion:
            DefectTrial(replacing: "Version: 13", by: "Version: 8") { $0.values(of: versions) == ["13, draft"] }
        case .listsVersion256:
            DefectTrial(replacing: "Version: 13", by: "Version: 8") { $0.values(of: versions) == ["13, 256"] }
        case .refusesMethodsWith400: DefectTrial(replacing: "GET", by: "POST") { $0.status == 400 }
        case .refusesLargeFieldsWith500:
            DefectTrial(replacing: host, by: host + "X: \(long)\r\n") { $0.status == 500 }
        case .refusesLongTargetsWith400: DefectTrial(replacing: "GET /", by: "GET /\(long)") { $0.status == 400 }
        case .refusesOriginsWith400: DefectTrial(replacing: host, by: foreign) { $0.status == 400 }
        case .dropsForeignOrigins:
            DefectTrial(replacing: host, by: foreign) { $0.head == nil && $0.end == .finished }
        case .dropsOtherResources:
            DefectTrial(replacing: "GET /", by: "GET /other") { $0.head == nil && $0.end == .finished }
        case .refusesWhitespaceInLists:
            DefectTrial(replacing: host, by: host + "Sec-WebSocket-Extensions: a ; b\r\n") { $0.status == 400 }
        case .refusesOtherHostOfTarget:
            DefectTrial(replacing: "GET /", by: "GET http://elsewhere.example/") { $0.status == 400 }
        default: nil
        }
    }

    private var unlistedExtensionTrial: DefectTrial {
        var trial = DefectTrial(frame(.text, "Hello"), close()) {
            $0.values(of: "Sec-WebSocket-Extensions").isEmpty && $0.frames.first?.rsv == 4
        }
        trial.client.request = ScriptedClient.handshake { $0.extensions = ["permessage-deflate"] }.encode()
        return trial
    }

    /// What the defect is tried with; nil for one of another kind.
    var readingTrial: DefectTrial? {
        let hello = frame(.text, "Hello")
        let echo = Conversation.Frame(.text, "Hello")
        func octets(_ count: Int) -> [UInt8] { frame(.binary, Array(repeating: 0, count: count)) }
        return switch self {
        case .ignoresEarlyPings:
            DefectTrial(
                frame(.ping, "p"),
                hello,
                frame(.ping, "q"),
                close(),
                gives: echo,
                .init(.pong, "q"),
                .close(1000)
            )
        case .reversesFragments:
            DefectTrial(
                frame(.text, "a", fin: false),
                frame(.continuation, "b"),
                close(),
                gives: .init(.text, "ba"),
                .close(1000)
            )
        case .leavesEchoOpen: DefectTrial(hello, close(), gives: .init(.text, "Hello", fin: false), .close(1000))
        case .echoesMasked:
            DefectTrial(
                frame(.binary, [0, 0, 0, 0]),
                close(),
                gives: .init(.binary, [0x37, 0xFA, 0x21, 0x3D]),
                .close(1000)
            )
        case .countsKeyAsPayload: DefectTrial(hello, close(), gives: .init(.text, "H"), .close(1000))
        case .waitsForContinuation:
            DefectTrial(
                hello,
                frame(.text, "a", fin: false),
                frame(.continuation, "b"),
                close(),
                gives: .init(.text, "ab"),
                .close(1000)
            )
        case .dropsMessagesWhileSending: DefectTrial(hello, hello, close(), gives: echo, .close(1000))
        case .rejectsOtherCloseCodes: DefectTrial(close(1001), gives: .close(1002))
        case .rejectsEmptyClose: DefectTrial(close(nil), gives: .close(1002))
        case .rejectsCloseBodies: DefectTrial(close(), gives: .close(1002))
        case .rejectsCloseReasons: DefectTrial(close(1000, reason: "bye"), gives: .close(1002))
        case .rejectsPingsWithData: DefectTrial(frame(.ping, "p"), close(), gives: .close(1002))
        case .rejectsEmptyFrames: DefectTrial(frame(.text), close(), gives: .close(1002))
        case .rejectsLength125: DefectTrial(octets(125), close(), gives: .close(1002))
        case .readsSignedLengths: DefectTrial(octets(32_768), close(), gives: .close(1002))
        case .rejects64BitLengths: DefectTrial(octets(65_536), close(), gives: .close(1002))
        case .wrongLimitCode: DefectTrial(octets(65_537), close(), gives: .close(1002))
        case .answersCloseLate:
            DefectTrial(close(), frame(.ping, "meanwhile"), gives: .init(.pong, "meanwhile"), .close(1000))
        case .closesTCPLate: DefectTrial(close()) { $0.closingTime >= ModelServer.tardiness }
        default: nil
        }
    }
}
