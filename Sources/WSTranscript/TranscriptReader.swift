import WSLimits

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Why a transcript could not be read: one line that names the place and how to correct it.
package struct TranscriptError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line number, from 1; 0 for the whole file.
    package var line: Int
    /// What is wrong, and what to do.
    package var message: String

    /// Creates an error.
    package init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    /// The place and the problem.
    package var description: String { line > 0 ? "line \(line): \(message)" : message }
}

extension TranscriptText {
    /// Decodes a transcript from NDJSON.
    ///
    /// - Throws: ``TranscriptError`` for another kind of file, or a damaged or truncated one.
    package static func decode(
        _ data: Data,
        sidecar: (any SidecarStore)? = nil
    ) throws(TranscriptError) -> Transcript {
        let decoder = JSONDecoder()
        var lines = Lines(data)
        guard let first = lines.next() else { throw damaged("the transcript is empty", line: 0) }
        let header = try header(of: first.element, line: first.offset + 1, decoder)
        var transcript = Transcript(header: header, sidecar: sidecar)
        var check = OffsetCheck()
        var last = first.offset
        while let (offset, text) = lines.next() {
            last = offset
            guard transcript.events.count < Limits.transcriptEvents.value else {
                throw TranscriptError(line: offset + 1, message: "the transcript exceeds \(Limits.transcriptEvents)")
            }
            guard !transcript.isComplete else {
                throw damaged("there is more after the footer", line: offset + 1)
            }
            guard let line = try? decoder.decode(EventLine.self, from: Data(text)) else {
                throw damaged("not a line of a wsconform transcript, or cut short", line: offset + 1)
            }
            if line.complete == true {
                guard line.events == transcript.events.count else {
                    let message =
                        "the footer counts \(line.events ?? 0) events, the file has \(transcript.events.count)"
                    throw TranscriptError(line: offset + 1, message: message)
                }
                transcript.isComplete = true
            } else if let event = line.event {
                guard check.accepts(event.kind) else {
                    throw damaged(
                        "its offset does not follow from the lines before, so lines are missing or were changed",
                        line: offset + 1
                    )
                }
                guard event.time >= transcript.events.last?.time ?? 0 else {
                    throw damaged("it is earlier than the line before, so lines were moved", line: offset + 1)
                }
                transcript.events.append(event)
            } else {
                throw TranscriptError(line: offset + 1, message: "a line that this version does not know")
            }
        }
        guard transcript.isComplete else {
            throw damaged("the transcript is truncated, its footer is missing", line: last + 1)
        }
        return transcript
    }

    /// Decodes the first line.
    private static func header(
        of text: Data,
        line: Int,
        _ decoder: JSONDecoder
    ) throws(TranscriptError) -> TranscriptHeader {
        guard let schema = try? decoder.decode(HeaderLine.Schema.self, from: text).schema else {
            throw damaged("not the header of a wsconform transcript", line: line)
        }
        guard schema == TranscriptHeader.currentSchema else {
            throw TranscriptError(line: line, message: "schema \(shown(schema)) \(mend(of: schema))")
        }
        guard let members = try? decoder.decode(HeaderLine.self, from: text),
            let stimulus = HeaderLine.stimulus(in: text)
        else { throw damaged("not the header of a wsconform transcript, or cut short", line: line) }
        guard stimulus.count <= Limits.stimulus.value else {
            throw TranscriptError(line: line, message: "what was played exceeds \(Limits.stimulus)")
        }
        let header = members.header(RecordedStimulus(text: stimulus, digest: members.stimulusDigest))
        guard header.stimulus.isIntact else {
            let message = "the digest of what was played does not fit, so one of them was changed; record the run again"
            throw TranscriptError(line: line, message: message)
        }
        return header
    }

    /// An error about a file that is no transcript, or that was changed since it was recorded.
    private static func damaged(_ problem: String, line: Int) -> TranscriptError {
        TranscriptError(line: line, message: "\(problem); record the run again")
    }

    /// The advice for a transcript of another schema.
    private static func mend(of schema: String) -> String {
        let current = TranscriptHeader.currentSchema
        let family = current.prefix { $0 != "/" } + "/"
        guard schema.hasPrefix(family), let version = Int(schema.dropFirst(family.count)),
            let own = Int(current.dropFirst(family.count))
        else { return "is not \(current); record the run again" }
        return version > own
            ? "is newer than \(current); judge it with the version that recorded it"
            : "is older than \(current) and does not say what was played; record the run again"
    }

    /// A word from a file of unknown origin, made safe to be shown.
    package static func shown(_ word: String) -> String {
        let printable = word.unicodeScalars.prefix(40).map {
            $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F ? $0 : "?"
        }
        return String(String.UnicodeScalarView(printable))
    }
}

/// The members of the first line.
private struct HeaderLine: Decodable {
    var scenario: String
    var roleUnderTest: String
    var url: String
    var seed: UInt64
    var effort: String
    var subprotocols: [String]
    var ignoresMessages: Bool?
    var application: ObservedApplication?
    var waitsAsAutobahn: Bool?
    var waitsForever: Bool?
    var maximumMessage: Int?
    var peerLimit: Int?
    var limitTrial: Int?
    var stream: UInt32?
    var stimulusDigest: String

    /// The part of the first line that identifies other schemas.
    struct Schema: Decodable {
        var schema: String
    }

    /// The value of the last member as it is in the file.
    ///
    /// Quotation marks in strings are escaped, so the name cannot be found inside a string.
    static func stimulus(in text: Data) -> [UInt8]? {
        let octets = Array(text)
        let name = Array(",\"stimulus\":".utf8)
        guard let start = octets.firstRange(of: name)?.upperBound, octets.last == UInt8(ascii: "}"),
            octets[start] == UInt8(ascii: "{")
        else { return nil }
        return Array(octets[start..<octets.count - 1])
    }

    func header(_ stimulus: RecordedStimulus) -> TranscriptHeader {
        var header = TranscriptHeader(
            scenario: scenario,
            roleUnderTest: roleUnderTest,
            url: url,
            seed: seed,
            effort: effort,
            subprotocols: subprotocols,
            ignoresMessages: ignoresMessages,
            application: application,
            waitsAsAutobahn: waitsAsAutobahn,
            waitsForever: waitsForever,
            maximumMessage: maximumMessage.map { max(0, $0) },
            peerLimit: peerLimit,
            limitTrial: limitTrial,
            stimulus: stimulus
        )
        header.stream = stream
        return header
    }
}

/// Iterates over the non-empty lines of a file; blank ones take no memory.
private struct Lines: IteratorProtocol {
    private var rest: Data
    private var number = 0

    init(_ data: Data) {
        rest = data
    }

    /// The next line and its index from 0.
    ///
    /// Blank lines count, so that line numbers are those that an editor shows.
    mutating func next() -> (offset: Int, element: Data)? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[rest.startIndex..<end]
            rest = end == rest.endIndex ? Data() : rest[rest.index(after: end)...]
            number += 1
            if !line.isEmpty { return (number - 1, line) }
        }
        return nil
    }
}
