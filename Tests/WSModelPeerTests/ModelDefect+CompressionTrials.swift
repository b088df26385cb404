import WSDeflate
import WSLink
import WSModelPeer
import WSProtocol

/// Trials of the defects in negotiating compression, in compressing and in inflating.
extension ModelDefect {
    /// What the defect is tried with; nil for one of another kind.
    var compressionTrial: DefectTrial? {
        answeringTrial ?? compressingTrial ?? blocksTrial ?? messagesTrial
    }

    private var answeringTrial: DefectTrial? {
        let hello = compressed(helloDeflated)
        /// What is accepted of this offer.
        func accepts(_ offer: String, _ answer: String...) -> DefectTrial {
            DefectTrial(offering: offer, hello, close()) { $0.accepted == answer }
        }
        return switch self {
        case .acceptsUnknownDeflateParameters: accepts("permessage-deflate; foo", "permessage-deflate")
        case .acceptsInvalidWindows:
            accepts("permessage-deflate; server_max_window_bits; client_max_window_bits=08", "permessage-deflate")
        case .acceptsTakeoverValues:
            accepts(
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover"
            )
        case .acceptsRepeatedDeflateParameters:
            accepts(
                "permessage-deflate; server_max_window_bits=9; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=9"
            )
        case .omitsServerContext: accepts("permessage-deflate; server_no_context_takeover", "permessage-deflate")
        case .omitsServerWindow: accepts("permessage-deflate; server_max_window_bits=9", "permessage-deflate")
        case .enlargesServerWindow:
            accepts("permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=9")
        case .invalidServerWindow: accepts("permessage-deflate", "permessage-deflate; server_max_window_bits=16")
        case .limitsClientUnasked: accepts("permessage-deflate", "permessage-deflate; client_max_window_bits=15")
        case .readsParametersOfOthers:
            accepts(
                "foo; client_max_window_bits, permessage-deflate",
                "permessage-deflate; client_max_window_bits=15"
            )
        case .omitsClientWindowValue:
            accepts("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits")
        case .repeatsDeflateParameter:
            accepts(
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover"
            )
        case .givesTakeoverValue:
            accepts(
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover=1"
            )
        case .givesClientTakeoverValue:
            accepts("permessage-deflate", "permessage-deflate; client_no_context_takeover=1")
        case .refusesParameters:
            DefectTrial(offering: "permessage-deflate; client_max_window_bits", close()) { $0.status == 500 }
        case .acceptsCompressionTwice: accepts("permessage-deflate", "permessage-deflate, permessage-deflate")
        case .refusesInvalidOffers:
            DefectTrial(offering: "permessage-deflate; foo, permessage-deflate", close()) { $0.status == 400 }
        case .refusesSmallestWindow:
            DefectTrial(offering: "permessage-deflate; server_max_window_bits=8", close()) { $0.status == 500 }
        case .findsDeflateAnywhere: accepts("foo; x=\"permessage-deflate\"", "permessage-deflate")
        case .prefersLastOffer:
            accepts(
                "permessage-deflate, permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=9"
            )
        case .limitsEverything:
            accepts(
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=9; client_no_context_takeover"
            )
        case .declinesCompression:
            DefectTrial(offering: "permessage-deflate", frame(.text, "sixteen octets: "), close()) {
                $0.accepted.isEmpty && $0.frames.map(\.rsv) == [0, 0]
            }
        default: nil
        }
    }

    private var compressingTrial: DefectTrial? {
        let hello = compressed(helloDeflated)
        /// What is seen of the first compressed message.
        func first(
            _ frames: [UInt8] = compressed(helloDeflated),
            _ shows: @escaping (DeflatedMessage) -> Bool
        ) -> DefectTrial {
            DefectTrial(offering: "permessage-deflate", frames, close()) { conversation in
                conversation.inflated.messages.first?.deflated.map(shows) ?? false
            }
        }
        /// The first frame.
        func frame(_ frames: [UInt8], _ shows: @escaping (Conversation.Frame) -> Bool) -> DefectTrial {
            DefectTrial(offering: "permessage-deflate", frames, close()) { $0.frames.first.map(shows) ?? false }
        }
        return switch self {
        case .leavesTail: first { $0.ending == .border && $0.payloadLength > 10 }
        case .removesOctetTooMuch:
            DefectTrial(offering: "permessage-deflate", hello, close()) {
                $0.frames.first?.payload.count == 6 && $0.inflated.violations.contains(.invalidDeflate)
            }
        case .endsWithFinalBlock: first { $0.ending == .border && $0.finalBlockCount == 1 }
        case .removesTailOfFragments:
            DefectTrial(offering: "permessage-deflate", hello, close()) {
                $0.frames.map(\.opcode) == [.text, .continuation, .close]
                    && $0.inflated.violations.contains(.invalidDeflate)
            }
        case .endsInsideBlock, .corruptsBlock:
            DefectTrial(offering: "permessage-deflate", hello, close()) {
                $0.inflated.violations.contains(.invalidDeflate)
            }
        case .cutsIncompressible:
            DefectTrial(offering: "permessage-deflate", WSModelPeerTests.frame(.binary, Self.noise), close()) {
                $0.frames.first.map { $0.rsv == 4 && $0.payload.count == Self.noise.count } ?? false
            }
        case .padsWithOnes: first { $0.paddingFault != nil }
        case .setsRSV1OnContinuations:
            DefectTrial(offering: "permessage-deflate", hello, close()) { $0.frames.map(\.rsv) == [4, 4, 0] }
        case .setsRSV1OnControl:
            frame(WSModelPeerTests.frame(.ping, "p")) { $0.rsv == 4 && $0.payload == Array("p".utf8) }
        case .compressesControl:
            frame(WSModelPeerTests.frame(.ping, "p")) { $0.rsv == 4 && $0.payload != Array("p".utf8) }
        case .omitsRSV1: frame(hello) { $0.rsv == 0 && $0.payload != Array("Hello".utf8) }
        case .marksPlainAsCompressed: frame(hello) { $0.rsv == 4 && $0.payload == Array("Hello".utf8) }
        case .changesTypeOfCompressed: frame(hello) { $0.opcode == .binary && $0.rsv == 4 }
        case .exceedsWindow:
            DefectTrial(
                offering: "permessage-deflate; server_max_window_bits=8",
                WSModelPeerTests.frame(.binary, Self.noise + Self.noise),
                close()
            ) { $0.inflated.messages.first?.deflated?.overrun != nil }
        case .keepsContextAnyway:
            DefectTrial(offering: "permessage-deflate; server_no_context_takeover", hello, hello, close()) {
                $0.inflated.messages.last?.deflated?.reach ?? 0 > 0
            }
        case .compressesInVain:
            DefectTrial(offering: "permessage-deflate", hello, hello, close()) {
                $0.frames.first?.rsv == 0 && $0.inflated.violations.contains(.invalidDeflate)
            }
        case .echoesCompressedLate:
            DefectTrial(compressing: hello, WSModelPeerTests.frame(.text, "b"), close(), gives: "b", "Hello")
        case .startsEachMessageAnew:
            DefectTrial(offering: "permessage-deflate", hello, hello, close()) {
                $0.inflated.messages.map { $0.deflated?.reach } == [0, 0]
            }
        case .compressesNothing: frame(hello) { $0.rsv == 0 && $0.payload == Array("Hello".utf8) }
        default: nil
        }
    }

    private var blocksTrial: DefectTrial? {
        let hello = compressed(helloDeflated)
        let again = compressed(helloAgain)
        let final = compressed(helloFinal)
        return switch self {
        case .emptyBehindFinalBlock: DefectTrial(compressing: final, hello, close(), gives: "Hello", "")
        case .cutsBehindFinalBlock:
            DefectTrial(
                compressing: compressed(
                    deflated {
                        $0.appendFixed(DeflateSymbol.literals("Hel".utf8), isFinal: true)
                        $0.appendFixed(DeflateSymbol.literals("lo".utf8))
                    }
                ),
                close(),
                gives: "Hel"
            )
        case .rejectsFinalBlocks: DefectTrial(compressing: final, close(), code: 1007)
        case .rejectsLongFinalBlocks:
            DefectTrial(
                compressing: final,
                compressed(deflated { $0.appendStored(Array(repeating: 0x61, count: 4097), isFinal: true) }),
                close(),
                gives: "Hello",
                code: 1007
            )
        case .hangsAtBareFinalBlock:
            DefectTrial(offering: "permessage-deflate", compressed(helloFinal.dropLast()), close()) {
                $0.frames.isEmpty && $0.end == .closedHere
            }
        case .readsFirstBlockAlone:
            DefectTrial(
                compressing: compressed(
                    deflated {
                        $0.appendFixed(DeflateSymbol.literals("Hel".utf8))
                        $0.appendFixed(DeflateSymbol.literals("lo".utf8))
                    }
                ),
                close(),
                gives: "Hel"
            )
        case .rejectsStoredBlocks:
            DefectTrial(compressing: compressed(deflated { $0.appendStored([0x61]) }), close(), code: 1007)
        case .forgetsContext: DefectTrial(compressing: hello, again, close(), gives: "Hello", code: 1007)
        case .swapsContexts:
            DefectTrial(offering: "permessage-deflate; server_no_context_takeover", hello, again, close()) {
                $0.texts == ["Hello"] && $0.closeCode == 1007
            }
        case .losesContextBehindPlain:
            DefectTrial(compressing: hello, frame(.text, "a"), again, close(), gives: "Hello", "a", code: 1007)
        case .losesContextOfLongMessages:
            DefectTrial(
                offering: "permessage-deflate",
                compressed(deflated { $0.appendStored(Array(repeating: 0x61, count: 65_537)) }),
                compressed(deflated { $0.appendFixed([.match(length: 5, distance: 1)]) }),
                close()
            ) { $0.closeCode == 1007 }
        case .addsPlainToContext:
            DefectTrial(compressing: hello, frame(.text, "World"), again, close(), gives: "Hello", "World", "Horld")
        case .rejectsLargestDistances:
            DefectTrial(
                offering: "permessage-deflate",
                compressed(deflated { $0.appendStored(Array(repeating: 0x61, count: 32_768)) }),
                compressed(deflated { $0.appendFixed([.match(length: 5, distance: 32_768)]) }),
                close()
            ) { $0.closeCode == 1007 }
        case .inflatesWithSmallWindow:
            DefectTrial(
                offering: "permessage-deflate",
                compressed(deflated { $0.appendStored(Array(repeating: 0x61, count: 1_025)) }),
                compressed(deflated { $0.appendFixed([.match(length: 5, distance: 1_025)]) }),
                close()
            ) { $0.closeCode == 1007 }
        case .rejectsEmptyCompressed: DefectTrial(compressing: compressed([0x00]), close(), code: 1007)
        case .swallowsInvalidDeflate:
            DefectTrial(
                offering: "permessage-deflate",
                compressed(Array(helloDeflated.dropLast()) + [0x06], .binary),
                close()
            ) { $0.texts == ["Hello"] }
        case .swallowsTruncatedDeflate:
            DefectTrial(offering: "permessage-deflate", compressed([0xF2, 0x48, 0xCD, 0xC9]), close()) {
                $0.texts == ["Helh"]
            }
        default: nil
        }
    }

    private var messagesTrial: DefectTrial? {
        let hello = compressed(helloDeflated)
        let start = compressed(Array(helloDeflated[..<3]), .binary, fin: false)
        let end = frame(.continuation, Array(helloDeflated[3...]))
        return switch self {
        case .inflatesEachFrame: DefectTrial(compressing: start, end, close(), code: 1007)
        case .looksAtLastFrame, .forgetsCompressionAtControl:
            DefectTrial(offering: "permessage-deflate", start, frame(.ping), end, close()) {
                $0.inflated.messages.map(\.content) == [helloDeflated]
            }
        case .rejectsCompressed: DefectTrial(compressing: hello, close(), code: 1002)
        case .inflatesUnagreed: DefectTrial(offering: "foo", hello, close()) { $0.texts == ["Hello"] }
        case .inflatesEveryMessage: DefectTrial(compressing: frame(.binary, [0x06]), close(), code: 1007)
        case .inflatesPlainMessages:
            DefectTrial(compressing: hello, frame(.binary, [0x06]), close(), gives: "Hello", code: 1007)
        case .rejectsControlInsideCompressed: DefectTrial(compressing: start, frame(.ping), end, close(), code: 1002)
        case .rejectsCompressedBehindPong: DefectTrial(compressing: frame(.pong), hello, close(), code: 1002)
        case .dropsCutHeaders:
            cutHeaderTrial
        case .writesTailIntoBuffer:
            DefectTrial(offering: "permessage-deflate", hello, frame(.text, "next"), close()) {
                $0.texts == ["Hello"] && $0.closeCode == 1002
            }
        case .swallowsRSV1OnContinuations:
            DefectTrial(
                compressing: start,
                frame(.continuation, Array(helloDeflated[3...]), rsv: 4),
                close(),
                gives: "Hello"
            )
        case .swallowsRSV1OnControl:
            DefectTrial(offering: "permessage-deflate", frame(.ping, [], rsv: 4), close()) {
                $0.frames.map(\.opcode) == [.pong, .close]
            }
        case .checksUTF8OfPayload: DefectTrial(compressing: hello, close(), code: 1007)
        case .swallowsInvalidInflatedText:
            DefectTrial(
                offering: "permessage-deflate",
                compressed(deflated { $0.appendFixed(DeflateSymbol.literals([0x61, 0xFF])) }),
                close()
            ) { $0.inflated.messages.map(\.content) == [[0x61, 0xFF]] }
        case .cutsAboveLimit:
            DefectTrial(offering: "permessage-deflate", Self.message(of: 65_636), close()) {
                $0.inflated.messages.map(\.content.count) == [65_536]
            }
        case .limitsEachFragment:
            DefectTrial(
                offering: "permessage-deflate",
                Self.message(of: 100_000, inFragments: 3),
                Self.message(of: 65_537),
                close()
            ) { $0.inflated.messages.map(\.content.count) == [100_000] && $0.closeCode == 1009 }
        case .roundsLimitUp:
            DefectTrial(offering: "permessage-deflate", Self.message(of: 66_560), Self.message(of: 66_561), close()) {
                $0.inflated.messages.map(\.content.count) == [66_560] && $0.closeCode == 1009
            }
        case .limitsPayloadAlone:
            DefectTrial(
                offering: "permessage-deflate",
                Self.message(of: 100_000),
                frame(.binary, Array(repeating: 0x61, count: 65_537)),
                close()
            ) { $0.inflated.messages.map(\.content.count) == [100_000] && $0.closeCode == 1009 }
        default: nil
        }
    }

    private var cutHeaderTrial: DefectTrial {
        let hello = compressed(helloDeflated)
        var trial = DefectTrial(offering: "permessage-deflate", close()) { $0.texts == ["Hello"] }
        trial.client.writes = [Array(hello.prefix(1)), Array(hello.dropFirst()) + hello, close()]
        return trial
    }

    /// A compressed message with so many octets of content.
    private static func message(of count: Int, inFragments pieces: Int = 1) -> [UInt8] {
        let matches = (count - 1) / 200
        let rest = (count - 1) % 200
        let payload = deflated {
            $0.appendFixed(
                [.literal(0x61)] + Array(repeating: .match(length: 200, distance: 1), count: matches)
                    + DeflateSymbol.literals(Array(repeating: 0x61, count: rest))
            )
        }
        return (0..<pieces).flatMap { piece in
            let range = piece * payload.count / pieces..<(piece + 1) * payload.count / pieces
            return frame(
                piece == 0 ? .binary : .continuation,
                Array(payload[range]),
                fin: piece == pieces - 1,
                rsv: piece == 0 ? 4 : 0
            )
        }
    }

    /// Octets that nothing can compress.
    private static let noise: [UInt8] = {
        var state: UInt32 = 1
        return (0..<4096).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }()
}
