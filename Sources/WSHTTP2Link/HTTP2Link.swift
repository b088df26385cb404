package import WSHTTP2
import WSLimits
package import WSLink

/// A connection of HTTP/2 whose streams are links of other machines (RFC 9113, RFC 8441).
///
/// To the link below it is a machine, to the machines on its streams it is the link: their octets are DATA, their FIN
/// is END_STREAM, and their reset is RST_STREAM with CANCEL (RFC 8441 section 5).
///
/// ```
///                                 ┌ stream 1 ⇄ machine
/// link below ⇄ HTTP2Link ⇄ ┼ stream 3 ⇄ machine
///                                 └ …
/// ```
///
/// A client has its machines from the beginning, and opens a stream for each when the server's SETTINGS allow it. Each
/// is connected then, and begins with ``LinkAction/sendFields(_:ends:)``. A server makes a machine for each request,
/// connects it and hands it the field lines. Every machine receives the end of its link exactly once.
///
/// SETTINGS and PING are answered here. What a hostile endpoint can make this one keep or send is bounded by
/// `connection-answers`, `cancelled-streams`, the windows, and what ``HTTP2Observer`` is bounded by.
package struct HTTP2Link: LinkMachine {
    /// Makes the machine for a request.
    package typealias StreamMaker = @Sendable (_ request: [LinkField]) -> any LinkMachine

    /// The octets with which a client begins (RFC 9113, 3.4).
    package static let clientPreface = HTTP2Frame.preface
    /// Which end it is.
    package let role: HTTP2Role
    /// The rules that the other endpoint broke, the first ones of them.
    package internal(set) var violations: [HTTP2Violation] = []
    /// Why the connection was of no use, in one line; nil if it was.
    package internal(set) var trouble: String?

    private(set) var settings: HTTP2LinkSettings
    let makeStream: StreamMaker?
    var observer: HTTP2Observer
    var encoder = HPACKEncoder()
    var streams: [UInt32: HTTP2LinkStream] = [:]
    /// A client's machines that have no stream yet, the first one last.
    var waiting: [(place: Int, machine: any LinkMachine)] = []
    /// A client's machines whose links have ended; a server's that are still told of the connection, by their streams.
    var ended: [Int: any LinkMachine] = [:]
    /// Those of a server's among them that are not told what moves on the connection.
    var untold: Set<Int> = []
    /// The streams of a server's machines whose links have ended in the event that is being handled.
    var leaving: [UInt32] = []
    /// What has moved on a server's connection, for the machines of later streams; nil once it is too much.
    var history: CarrierHistory?
    /// The place of a client's machine in the list that it was created with.
    var places: [UInt32: Int] = [:]
    var nextStreamID: UInt32 = 1
    var security: LinkSecurityFacts?
    var stage = Stage.dialling
    var hasSettings = false
    /// Whether a frame of the other endpoint has begun.
    var hasFrame = false
    /// DATA that were read, and not given back to the other endpoint's window of the connection.
    var owedCredit = 0
    /// Answers to SETTINGS and PING that the link below has not reported as written.
    var unwrittenAnswers = 0
    /// How many streams the other endpoint has reset before they had ended.
    var cancelledStreams = 0
    /// The stream that the other endpoint has reset last; nil if it has reset none.
    var lastReset: UInt32?
    /// The octets of the field block that is being read.
    var blockOctets = 0
    /// Streams whose DATA were read since credit was last given.
    var creditDue: Set<UInt32> = []
    /// How many machines on streams have not received the end of their link.
    var liveMachines = 0
    /// What the first machine of a client wants of the connection.
    var wish = LinkCarrierWish.usual
    /// Whether a client opens one stream more than the server takes at a time, because its machine wants that.
    var isOverLimit = false
    /// The moment of the event that is being handled.
    var clock = LinkInstant.zero
    /// Divides the octets of the connection for machines that keep a record of it.
    var cuts: (sent: CarrierCut, received: CarrierCut)
    /// PINGs that wait for their answers, with the stream whose machine asked; 0 for the end of the connection.
    var pings: [(octets: [UInt8], stream: UInt32)] = []
    var pingCount: UInt32 = 0
    /// Whether the links of all machines of a client have ended, so that the connection is about to.
    var isFinishing = false
    /// A request or response that counts unless a violation follows.
    var section: HTTP2FieldSection?

    enum Stage: Sendable {
        case dialling
        /// Both endpoints may send.
        case open
        /// GOAWAY and FIN were sent; what comes is ignored.
        case lingering
        case over
    }

    /// Timers of the connection; those of streams are told apart by the identifier of the stream.
    enum Timer {
        static let settings = LinkTimer(number: 0)
        static let lingering = LinkTimer(number: 1)
        static let idle = LinkTimer(number: 2)
        static let farewell = LinkTimer(number: 3)
        static let lateSettings = LinkTimer(number: 4)
        /// The timer of a stream that has ended, behind which it is asked whether the connection lives.
        static let afterwards = LinkTimer(number: 254)
        /// The timer of a stream that we have ended, and the other endpoint has not.
        static let stream = LinkTimer(number: 255)
    }

    /// Creates the end that opens the connection, with a machine for each of its streams.
    package init(client machines: [any LinkMachine], _ settings: HTTP2LinkSettings) {
        role = .client
        self.settings = settings
        makeStream = nil
        observer = HTTP2Observer(role: .client)
        cuts = (CarrierCut(sender: .client), CarrierCut(sender: .server))
        wish = machines.first?.carrierWish ?? .usual
        self.settings.add(
            wish.settings.map { HTTP2Setting(HTTP2Setting.Identifier(rawValue: $0.identifier), $0.value) }
        )
        let all = machines + wish.companions
        wish.companions = []
        waiting = all.enumerated().reversed().map { ($0.offset, $0.element) }
    }

    /// Creates the end that accepts the connection, and machines for the requests on it.
    package init(_ settings: HTTP2LinkSettings = .server(), makeStream: @escaping StreamMaker) {
        role = .server
        self.settings = settings
        self.makeStream = makeStream
        observer = HTTP2Observer(role: .server)
        cuts = (CarrierCut(sender: .server), CarrierCut(sender: .client))
        history = settings.tellsMachines ? CarrierHistory() : nil
    }

    /// A client's machines after the end of the connection, in the order in which they were given.
    package var machines: [any LinkMachine] { ended.sorted { $0.key < $1.key }.map(\.value) }

    // MARK: - Link events

    package var securityWish: LinkSecurityWish {
        var wish = waiting.last?.machine.securityWish ?? .usual
        if wish.applicationProtocols == nil { wish.applicationProtocols = ["h2"] }
        return wish
    }

    package mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant) {
        security = facts
    }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        stage = .open
        clock = now
        if let security, security.applicationProtocol != "h2", role == .client {
            let chosen = security.applicationProtocol ?? "none"
            let line = "the server chose \(chosen) of the application protocols of TLS (ALPN), where h2 was offered"
            trouble = line
            endWaiting(with: .notSecured(line), now)
            return close(now, &actions)
        }
        var octets = role == .client ? HTTP2Frame.preface : []
        HTTP2Frame.settings(settings.settings).encode(into: &octets)
        if settings.connectionWindow > 65_535 {
            HTTP2Frame.windowUpdate(settings.connectionWindow - 65_535).encode(into: &octets)
        }
        write(octets, &actions)
        actions.append(.setTimer(Timer.settings, at: now + settings.settingsLimit))
        if let late = settings.lateSettings {
            actions.append(.setTimer(Timer.lateSettings, at: now + late.delay))
        }
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        clock = now
        // What one read has was sent before the other endpoint could see what this one makes of it.
        tellReceived(bytes)
        var position = 0
        while stage == .open {
            let event = observer.next(in: bytes, at: &position, .received)
            if case .violation(let violation) = event {
                take(violation, now, &actions)
                continue
            }
            // The violations of a section follow it, so it counts when something else has.
            if let section = section.take() { take(section, now, &actions) }
            guard stage == .open, let event else { break }
            take(event, in: bytes, now, &actions)
        }
        guard stage == .open else { return finishIfDone(now, &actions) }
        giveCredit(&actions)
        watchIdleness(now, &actions)
        finishIfDone(now, &actions)
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        clock = now
        unwrittenAnswers = 0
        for id in streams.keys.sorted() where streams[id]?.awaitsNotice == true {
            streams[id]?.awaitsNotice = false
            deliver(to: id, now, &actions) { $0.linkWritable(at: now, actions: &$1) }
        }
        finishIfDone(now, &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        clock = now
        let id = UInt32(truncatingIfNeeded: timer.number >> 8)
        guard id == 0 else { return streamTimerFired(id, timer, now, &actions) }
        switch timer {
        case Timer.settings where !hasSettings:
            let seconds = settings.settingsLimit.nanoseconds / 1_000_000_000
            fail("the \(role.opposite.rawValue) sent no SETTINGS of HTTP/2 within \(seconds) s", now, &actions)
        case Timer.idle where streams.isEmpty: fail("no stream is open", now, &actions)
        case Timer.lingering: close(now, &actions)
        case Timer.farewell: sayFarewell(now, &actions)
        case Timer.lateSettings where stage == .open:
            write(HTTP2Frame.settings(settings.lateSettings?.settings ?? []).encoded, &actions)
        default: break
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        clock = now
        for id in streams.keys.sorted() where streams[id]?.awaitsProbe == true {
            streams[id]?.awaitsProbe = false
            deliver(to: id, now, &actions) { $0.linkProbesAnswered(at: now, actions: &$1) }
        }
        finishIfDone(now, &actions)
    }

    package mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {
        clock = now
        for id in streams.keys.sorted() {
            deliver(to: id, now, &actions) { $0.linkWoken(at: now, actions: &$1) }
        }
        finishIfDone(now, &actions)
    }

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        clock = now
        if stage != .dialling { tell(.ended(end)) }
        stage = .over
        // Only END_STREAM is an orderly end of a stream, and only RST_STREAM its reset; with the connection it is cut.
        var none: [LinkAction] = []
        for id in streams.keys.sorted() { endMachine(of: id, with: end.isByPeer ? .truncated : end, now, &none) }
        if role == .server { (leaving, ended) = ([], [:]) }
        let kept: LinkEnd
        switch end {
        case .notConnected, .notSecured, .closedHere: kept = end
        case .finished, .truncated, .reset:
            let when = hasSettings ? "" : " before its SETTINGS came"
            kept = .notConnected(trouble ?? "the server ended the connection of HTTP/2\(when)")
        }
        endWaiting(with: kept, now)
    }
}
