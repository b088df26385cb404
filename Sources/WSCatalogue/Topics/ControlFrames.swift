import WSProtocol
package import WSScenario

extension Catalogue {
    /// Control frames that break a rule, alone and inside a message.
    package enum ControlFrames {
        /// A Close frame that is not final.
        static let closeNotFinal = refused(
            "closing/not-final",
            "Close 1000 without FIN",
            "RFC6455-5.5-02",
            [FrameToSend(.close, .closeBody(1000), fin: false)],
            line: "CTL-01",
            closing: .failsOverMalformedClose()
        )

        /// A Close frame that is too long, its length in the longest form.
        static let longClose = refused(
            "closing/126-octets-in-64-bit",
            "Close 1000 with a body of 126 octets, one too many, its length in 64 bits",
            "RFC6455-5.5-01",
            [
                FrameToSend(
                    .close,
                    .closeBody(1000, reason: Array(repeating: UInt8(ascii: "*"), count: 124)),
                    lengthEncoding: .bits64
                )
            ],
            line: "CTL-01",
            closing: .failsOverMalformedClose()
        )

        /// Pongs that are too long.
        static func longPongs() -> [Scenario] {
            [126, 65_536].map { length in
                refused(
                    "ping/pong-of-\(length)-octets",
                    "Pong with a body of \(length) octets",
                    "RFC6455-5.5-01",
                    [FrameToSend(.pong, .repeating(unit: [0xFE], length: length))],
                    line: "CTL-01"
                )
            }
        }

        /// Fragmented control frames between the fragments of a message.
        static func fragmentedInsideMessage() -> [Scenario] {
            [(Opcode.ping, "Ping"), (.pong, "Pong")].map { opcode, name in
                refused(
                    "fragmentation/fragmented-\(opcode.name)-inside-message",
                    "\(name) without FIN between two fragments of a text",
                    "RFC6455-5.5-02",
                    [
                        FrameToSend(.text, .text("fragment1"), fin: false),
                        FrameToSend(opcode, .text("not final"), fin: false),
                        FrameToSend(.continuation, .text("fragment2")),
                    ],
                    line: "CTL-02"
                )
            }
        }

        /// Each reserved bit on each control frame, alone and inside a message.
        static func reservedBits() -> [Scenario] {
            let frames: [(opcode: Opcode, name: String, payload: Payload)] = [
                (.ping, "Ping", .text("reserved bit")), (.pong, "Pong", .text("reserved bit")),
                (.close, "Close", .closeBody(1000)),
            ]
            return frames.flatMap { opcode, name, payload in
                [(1, UInt8(4)), (2, 2), (3, 1)].flatMap { number, bit in
                    [false, true].map { isInside in
                        let start = [FrameToSend(.text, .text("fragment1"), fin: false)]
                        return refused(
                            "reserved-bits/rsv\(number)-\(opcode.name)" + (isInside ? "-inside-message" : ""),
                            "\(name) with RSV\(number)" + (isInside ? " behind the first fragment of a text" : ""),
                            "RFC6455-5.2-03",
                            (isInside ? start : []) + [FrameToSend(opcode, payload, rsv: bit)],
                            line: "CTL-07",
                            closing: opcode == .close
                                ? .failsOverMalformedClose(over: "RFC6455-5.2-03") : .fails(with: 1002)
                        )
                    }
                }
            }
        }

        /// Reserved opcodes of control frames inside a message.
        static func reservedOpcodesInsideMessage() -> [Scenario] {
            (11...15).map { opcode in
                refused(
                    "opcode/reserved-\(opcode)-inside-message",
                    "Frame with reserved opcode \(opcode) behind the first fragment of a text",
                    "RFC6455-5.2-05",
                    [
                        FrameToSend(.text, .text("fragment1"), fin: false),
                        FrameToSend(Opcode(rawValue: opcode), .text("reserved")),
                    ],
                    line: "CTL-08"
                )
            }
        }

        /// A frame of a reserved opcode that is not final.
        static let reservedNotFinal = refused(
            "opcode/reserved-13-not-final",
            "Frame with reserved opcode 13 without FIN",
            "RFC6455-5.2-05",
            [FrameToSend(Opcode(rawValue: 13), .text("reserved"), fin: false)],
            line: "CTL-08"
        )

        /// A frame of a reserved opcode that is too long for a control frame.
        static let reservedTooLong = refused(
            "opcode/reserved-14-126-octets",
            "Frame with reserved opcode 14 and a payload of 126 octets",
            "RFC6455-5.2-05",
            [FrameToSend(Opcode(rawValue: 14), .repeating(unit: [0xFE], length: 126))],
            line: "CTL-08"
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [closeNotFinal, longClose, reservedNotFinal, reservedTooLong] + longPongs() + fragmentedInsideMessage()
            + reservedBits() + reservedOpcodesInsideMessage()

        private static func refused(
            _ id: String,
            _ title: String,
            _ rule: String,
            _ frames: [FrameToSend],
            line: String,
            closing: [Outcome<ClosingPattern>] = .fails(with: 1002)
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: .failing(rule),
                needs: .nothing,
                chapter: line,
                script: frames.map { .send($0) },
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .failsIgnoringTheRest,
                closing: closing
            )
        }
    }
}
