// An echo client on SwiftNIO's `NIOWebSocket`, written the way its users write one: the typed client upgrader, its
// automatic answer to protocol errors, the frame aggregator, and a handler. What NIOWebSocket leaves to its user and
// most users leave alone (reserved bits, UTF-8, close codes, subprotocols) is left alone here too: this is a peer to be
// judged, not a model.

import NIOCore
import NIOPosix

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What the command line says.
struct Options {
    var url = ""
    var isAll = false
    var agent = "nio"
    var jobs = 1

    /// Nil when the words are something else.
    init?(_ words: ArraySlice<String>) {
        var rest = words
        while let word = rest.popFirst() {
            switch word {
            case "--all":
                isAll = true
            case "--agent":
                guard let value = rest.popFirst() else { return nil }
                agent = value
            case "--jobs":
                guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
                jobs = value
            default:
                guard url.isEmpty, !word.hasPrefix("-") else { return nil }
                url = word
            }
        }
        if url.isEmpty { return nil }
    }
}

/// What a conversation is for.
struct Turn: Sendable {
    /// What the case wants of its client; absent parts are not wanted.
    struct Action: Decodable {
        /// A Close frame of ours.
        struct Close: Decodable {
            var code: UInt16?
            var reason: String?
        }
        var send: String?
        var sendBinary: String?
        var close: Close?
    }

    /// A message of ours.
    enum Greeting {
        case text(String)
        case binary([UInt8])
    }

    var subprotocols: [String] = []
    var greeting: Greeting?
    var close: Action.Close?
    /// Whether messages are given back; what is kept is the first otherwise.
    var isEcho = true
}

/// Autobahn's loop: ask for the number of cases, run each, let the reports be written.
func runAll(_ options: Options) async throws {
    let base = String(options.url.reversed().drop { $0 == "/" }.reversed())
    let agent = percentEncoded(options.agent)
    let told = try await converse("\(base)/getCaseCount", Turn(isEcho: false))
    guard let count = told.flatMap({ Int($0) }), count > 0 else { throw ClientError.noCount }
    let cases = (1...count).map { "\(base)/runCase?case=\($0)&agent=\(agent)" }
    await withTaskGroup(of: Void.self) { group in
        for (index, address) in cases.enumerated() {
            if index >= options.jobs { await group.next() }
            group.addTask { await attempt(address, Turn()) }
        }
    }
    _ = try await converse("\(base)/updateReports?agent=\(agent)", Turn(isEcho: false))
}

/// The conversation at `url`, with what the environment says of the case.
func runOne(_ url: String) async throws {
    let environment = ProcessInfo.processInfo.environment
    let given = environment["WSCONFORM_ACTION"] ?? ""
    let action = given.isEmpty ? nil : try JSONDecoder().decode(Turn.Action?.self, from: Data(given.utf8))
    let subprotocols = (environment["WSCONFORM_SUBPROTOCOLS"] ?? "").split(separator: ",").map(String.init)
    let greeting = action?.sendBinary.map { Turn.Greeting.binary(octets($0)) } ?? action?.send.map { .text($0) }
    let turn = Turn(subprotocols: subprotocols, greeting: greeting, close: action?.close)
    await attempt(url, turn)
}

/// The octets that hexadecimal digits stand for.
func octets(_ digits: String) -> [UInt8] {
    let values = digits.compactMap { $0.hexDigitValue.map { UInt8($0) } }
    return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// Holds a conversation; how it ends is for the other side to see and no failure of ours.
func attempt(_ url: String, _ turn: Turn) async {
    do {
        _ = try await converse(url, turn)
    } catch {
        print("\(url): \(error)")
    }
}

/// All but what RFC 3986 calls unreserved, as a query has it.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { encoded, octet in
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(octet))
        default:
            encoded += ["%", digits[Int(octet >> 4)], digits[Int(octet & 15)]]
        }
    }
}

guard let options = Options(CommandLine.arguments.dropFirst()) else {
    print("usage: nio-echo-client URL | --all URL [--agent NAME] [--jobs N]")
    exit(64)
}
try await options.isAll ? runAll(options) : runOne(options.url)
