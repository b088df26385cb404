import TestSupport
import Testing
import WSTranscript

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct `Transcripts that cannot be read` {
    private static let header = #"""
        {"schema":"wsconform-transcript/2","scenario":"a/b","roleUnderTest":"server","url":"ws://h/","seed":1,"effort":"quick","subprotocols":[],"stimulusDigest":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","stimulus":{}}
        """#
    private static let footer = #"{"complete":true,"events":1}"#

    /// A file, the line that is wrong in it, and a word that the error has to say.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var line: Int
        var word: String

        var testDescription: String { name }

        init(_ name: String, _ lines: [String], line: Int, _ word: String) {
            self.name = name
            text = lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
            self.line = line
            self.word = word
        }

        /// A file of one event that is wrong.
        init(_ name: String, event: String, _ word: String = "line") {
            self.init(name, [header, event, footer], line: 2, word)
        }
    }

    private static let rows: [Row] = [
        Row("empty", [], line: 0, "empty"),
        Row("blank", ["", ""], line: 0, "empty"),
        Row("no JSON", ["hello"], line: 1, "header"),
        Row("an event first", [#"{"at":0,"event":"connected"}"#], line: 1, "header"),
        Row(
            "foreign schema",
            [header.replacing("wsconform-transcript/2", with: "transcript/2"), footer],
            line: 1,
            "transcript/2 is not wsconform-transcript/2; record the run again"
        ),
        Row(
            "of an older version",
            [#"{"schema":"wsconform-transcript/1","scenario":"a/b"}"#, footer],
            line: 1,
            "is older than wsconform-transcript/2 and does not say what was played; record the run again"
        ),
        Row(
            "of a newer version",
            [#"{"schema":"wsconform-transcript/12","case":"a/b"}"#, footer],
            line: 1,
            "is newer than wsconform-transcript/2; judge it with the version that recorded it"
        ),
        Row("digest of something else", [header.replacing("a355b3", with: "a355b4"), footer], line: 1, "digest"),
        Row("no digest", [header.replacing("stimulusDigest", with: "digest"), footer], line: 1, "header"),
        Row("another stimulus", [header.replacing(":{}}", with: ":{\"script\":[]}}"), footer], line: 1, "digest"),
        Row(
            "something behind the stimulus",
            [header.replacing(":{}}", with: ":{},\"a\":1}"), footer],
            line: 1,
            "digest"
        ),
        Row("no stimulus", [header.replacing(",\"stimulus\":{}", with: ""), footer], line: 1, "header"),
        Row("a stimulus that is no object", [header.replacing(":{}}", with: ":[]}"), footer], line: 1, "header"),
        Row(
            "a stimulus in a string",
            [header.replacing(",\"stimulus\":{}}", with: #","a":",\"stimulus\":{}"}"#), footer],
            line: 1,
            "header"
        ),
        Row(
            "a stimulus beyond its limit",
            [header.replacing(":{}}", with: ":{\"a\":\"\(String(repeating: "x", count: 524_288))\"}}"), footer],
            line: 1,
            "the limit stimulus"
        ),
        Row("header alone", [header], line: 1, "truncated"),
        Row("no footer", [header, #"{"at":0,"event":"connected"}"#], line: 2, "truncated"),
        Row("cut in a line", [header, #"{"at":0,"event":"conn"#], line: 2, "cut short"),
        Row("cut in the footer", [header, #"{"at":0,"event":"connected"}"#, #"{"complete":tr"#], line: 3, "cut short"),
        Row("footer counts more", [header, footer], line: 2, "footer counts 1"),
        Row(
            "footer counts fewer",
            [header, #"{"at":0,"event":"connected"}"#, #"{"complete":true,"events":0}"#],
            line: 3,
            "footer counts 0"
        ),
        Row("footer without count", [header, #"{"complete":true}"#], line: 2, "footer"),
        Row(
            "more after the footer",
            [header, #"{"at":0,"event":"connected"}"#, footer, #"{"at":0,"event":"connected"}"#],
            line: 4,
            "after the footer"
        ),
        Row(
            "a blank line before the wrong one",
            [header, "", #"{"at":0,"event":"conn"#],
            line: 3,
            "cut short"
        ),
        Row("NUL", event: "{\"at\":0,\"event\":\"connected\"}\u{0}"),
        Row("NUL in a word", event: "{\"at\":0,\"ev\u{0}ent\":\"connected\"}"),
        Row("unknown event", event: #"{"at":0,"event":"lunch"}"#),
        Row("unknown mark", event: #"{"at":0,"mark":"lunch"}"#),
        Row("unknown reason", event: #"{"at":0,"mark":"gave-up","reason":"lunch"}"#),
        Row("unknown end", event: #"{"at":0,"end":"lunch"}"#),
        Row("no time", event: #"{"event":"connected"}"#),
        Row("negative time", event: #"{"at":-1,"event":"connected"}"#),
        Row("time beyond a century", event: #"{"at":9223372036854775807,"event":"connected"}"#),
        Row("huge number", event: #"{"at":1e999,"event":"connected"}"#),
        Row("number beyond 64 bits", event: #"{"at":0,"sent":18446744073709551616,"hex":""}"#),
        Row("fraction", event: #"{"at":0.5,"event":"connected"}"#),
        Row("negative offset", event: #"{"at":0,"sent":-1,"hex":""}"#),
        Row("offset that does not follow", event: #"{"at":0,"sent":7,"hex":"00"}"#, "offset"),
        Row("received offset that does not follow", event: #"{"at":0,"received":7,"hex":"00"}"#, "offset"),
        Row("odd hex", event: #"{"at":0,"sent":0,"hex":"abc"}"#),
        Row("no hex digits", event: #"{"at":0,"sent":0,"hex":"zz"}"#),
        Row("sent nothing", event: #"{"at":0,"sent":0}"#),
        Row("received nothing", event: #"{"at":0,"received":0}"#),
        Row(
            "negative step",
            event: #"{"at":0,"sent":0,"step":-1,"frame":0,"frames":1,"start":0,"length":1,"keyIndex":0}"#
        ),
        Row(
            "pieces of nothing",
            event: #"{"at":0,"sent":0,"step":0,"frame":0,"frames":1,"start":0,"length":1,"keyIndex":0,"pieces":0}"#
        ),
        Row(
            "frames without end",
            event:
                #"{"at":0,"sent":0,"step":0,"frame":9223372036854775807,"frames":9223372036854775807,"start":0,"length":1,"keyIndex":0}"#
        ),
        Row(
            "more frames than octets",
            event: #"{"at":0,"sent":0,"step":0,"frame":0,"frames":1000000000,"start":0,"length":9,"keyIndex":0}"#
        ),
        Row("part without length", event: #"{"at":0,"received":0,"parts":[{"payload":0,"start":0}]}"#),
        Row("negative part", event: #"{"at":0,"received":0,"parts":[{"payload":0,"start":0,"length":-1}]}"#),
        Row(
            "payload beyond all bounds",
            event: #"{"at":0,"received":0,"parts":[{"payload":0,"start":9223372036854775807,"length":1}]}"#
        ),
        Row(
            "sidecar beyond all bounds",
            event: #"{"at":0,"received":0,"parts":[{"sidecar":9223372036854775807,"length":1}]}"#
        ),
        Row(
            "parts beyond all bounds",
            event:
                #"{"at":0,"received":0,"parts":[{"sidecar":0,"length":9223372036854775807},{"sidecar":0,"length":9223372036854775807}]}"#
        ),
        Row("array", event: "[]"),
        Row("deep nesting", event: String(repeating: "[", count: 100_000)),
    ]

    @Test
    func `Every damage is one error of one line that names its place`() async {
        await Sweep.each(of: Self.rows) { row in
            let error = #expect(throws: TranscriptError.self) { try TranscriptText.decode(Data(row.text.utf8)) }
            let caught = try #require(error)
            #expect(caught.line == row.line)
            #expect(caught.description.contains(row.word))
            #expect(!caught.description.contains("\n"))
            #expect(caught.description.hasPrefix("line \(row.line): ") == (row.line > 0))
        }
    }

    @Test func `Octets that are no UTF-8 are an error, too`() {
        #expect(throws: TranscriptError.self) { try TranscriptText.decode(Data([0xFF, 0xFE, 0x0A])) }
        #expect(throws: TranscriptError.self) {
            try TranscriptText.decode(Data(Array(Self.header.utf8) + [0x0A, 0xFF, 0x0A]))
        }
    }

    @Test func `A file cut anywhere is refused, and none of its prefixes crashes the reader`() throws {
        let events: [TranscriptEvent.Kind] = [
            .connected, .sent(offset: 0, .octets([1, 2])), .mark(.opened),
            .received(offset: 0, [.octets([3]), .payload(index: 0, start: 0, length: 300)]), .ended(.finished),
        ]
        let transcript = Transcript(
            header: TranscriptHeader(scenario: "a/b", roleUnderTest: "server", url: "", seed: 1, effort: "full"),
            events: events.map { TranscriptEvent(time: 1, kind: $0) },
            isComplete: true
        )
        let text = TranscriptText.encode(transcript)
        // Without its last LF the file is still whole.
        for length in 0..<text.count - 1 {
            #expect(throws: TranscriptError.self) { try TranscriptText.decode(Data(text[..<length])) }
        }
        #expect(try TranscriptText.decode(Data(text.dropLast())).events == transcript.events)
    }

    @Test func `A long word from a hostile header does not make the error long`() throws {
        let schema = String(repeating: "x", count: 100_000) + "\\n\\u001b[31m"
        let text = Self.header.replacing("wsconform-transcript/2", with: schema)
        let error = #expect(throws: TranscriptError.self) { try TranscriptText.decode(Data(text.utf8)) }
        let caught = try #require(error)
        #expect(caught.description.utf8.count < 300)
        #expect(!caught.description.unicodeScalars.contains { $0.value < 0x20 })
    }
}
