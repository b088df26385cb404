import WSJudge
import WSLimits
import WSLink
import WSProtocol
import WSRender
import WSReport
import WSRunFolder
package import WSRunner
import WSScenario
import WSTranscript
package import WSTransport

extension ServerTest {
    /// The largest message that is tried on this machine; `limits/` has none that is larger.
    private static let largestHere = 16 << 20

    /// Finds out whether a run against a server can begin, and what it would meet; no case is played.
    ///
    /// - Parameters:
    ///   - url: The address of the server.
    ///   - security: The security layer of connections; nil for none.
    ///   - isRemote: Whether the server is not this machine, so that large messages are not tried.
    /// - Throws: `RunTrouble` if no connection could be made because of limits of this machine.
    /// - Returns: What was found out.
    package func diagnose(
        _ url: TargetURL,
        security: (any ChannelSecurity)?,
        isRemote: Bool
    ) async throws -> Diagnosis {
        let files = try OpenFiles.provide(forJobs: 1) { _ in }
        let endpoint = route.endpoint(of: url)
        let plan = plan(url, files)
        let run = TestRun(
            plan: plan,
            dialer: dialer(for: plan, security),
            makeSidecar: { _ in nil },
            wallClock: { WallClock.milliseconds() },
            handle: { _ in }
        )
        let host = await host(endpoint)
        let seen = await run.examine(largest: isRemote ? RemoteTarget.content : Self.largestHere)
        let credentials = credentials(for: url)
        var diagnosis = Diagnosis(
            url: credentials.masked(url.text),
            place: endpoint.description,
            proxy: route.proxy?.masked,
            host: host
        )
        diagnosis.isOnStream = plan.settings.isOnStream
        diagnosis.trustsAnything = tls?.trustsAnything ?? false
        diagnosis.subprotocols = handshake.subprotocols
        diagnosis.security = seen.greeting.facts.security
        diagnosis.reach = seen.greeting.reach
        diagnosis.handshake = seen.greeting.handshake(masking: credentials)
        diagnosis.application = seen.application
        diagnosis.compression = seen.compressed?.compression
        diagnosis.sizes = seen.sizes.map { Diagnosis.Sizes(accepted: $0.accepted, refused: $0.refused) }
        diagnosis.closing = seen.closed?.closing
        diagnosis.obstacle = seen.obstacle.map(credentials.masked)
        guard seen.obstacle == nil else { return diagnosis }
        let reasons = scenarios.compactMap { scenario in
            seen.skipped[scenario.id]
                ?? (scenario.compression != nil && diagnosis.compression == .declined
                    ? "the server does not agree to permessage-deflate" : nil)
        }
        diagnosis.cases = scenarios.count - reasons.count
        diagnosis.leftOut = Report.LeftOut.foreseen(
            settings.selection.leftOut(
                for: .server,
                over: Target.server(url, security: security).transport(by: route)
            ),
            reasons
        )
        diagnosis.command = command(for: url, credentials)
        return diagnosis
    }

    private func host(_ endpoint: Endpoint) async -> Diagnosis.Host {
        guard route.proxy == nil, case .tcp(let host, _) = endpoint, IPAddress(host) == nil else { return .notAsked }
        return await Sockets.address(of: host).map { .address($0) } ?? .unknown
    }

    private func command(for url: TargetURL, _ credentials: Credentials) -> [String] {
        var options = reportOptions(of: .server(url))
        // The run has its own default, which is longer.
        options.timeoutSeconds = nil
        let report = Report(
            tool: ToolIdentity.inReports,
            roleUnderTest: .server,
            peer: Report.Peer(name: url.authority, url: credentials.masked(url.text)),
            options: options,
            run: nil,
            cases: [],
            footer: Report.Footer(complete: true)
        )
        return AgainLine(report, out: settings.out).wordsOfRun
    }
}

extension ExaminedConversation {
    /// How far the connection came.
    fileprivate var reach: Diagnosis.Reach {
        for event in result.transcript?.events ?? [] {
            switch event.kind {
            case .connected: return .open(milliseconds: Double(event.time) / 1e6)
            case .ended(.notSecured): return .connected
            default: break
            }
        }
        return .none
    }

    /// How the server answered; nil if it did not, or not in HTTP.
    fileprivate func handshake(masking credentials: Credentials) -> Diagnosis.Handshake? {
        guard let transcript = result.transcript,
            let (head, status) = Timeline(transcript, scenario: result.scenario).openingAnswer
        else { return nil }
        func quoted(_ text: String) -> String { Limits.quotation.cut(credentials.masked(text)) }
        let findings = facts.hasOpened ? Judging.judge(result.scenario, transcript).findings : []
        var answer = Diagnosis.Handshake(status: status, isOpen: facts.hasOpened)
        answer.server = facts.server.map(quoted)
        answer.subprotocol = head.values(of: "Sec-WebSocket-Protocol").first.map(quoted)
        answer.problems = findings.filter { ["handshake", "stream-opening"].contains($0.rule) }
            .map { credentials.masked($0.reason) }
        answer.wishes = (head.values(of: "Upgrade") + head.values(of: "Sec-WebSocket-Version")).map(quoted)
        return answer
    }

    /// What became of the offer of permessage-deflate; nil if the connection was not opened.
    fileprivate var compression: Diagnosis.Compression? {
        guard facts.hasOpened, let transcript = result.transcript else {
            return facts.failure == .refused || facts.failure == .endedInHandshake ? .ended : nil
        }
        let negotiation = Timeline(transcript, scenario: result.scenario).negotiation
        guard let element = negotiation.extensions.first(where: { DeflateParameters.isName($0.name) }) else {
            return .declined
        }
        return .agreed(Limits.quotation.cut(element.text))
    }

    /// How the connection ended; nil if it was not opened.
    fileprivate var closing: Diagnosis.Closing? {
        guard facts.hasOpened, let transcript = result.transcript else { return nil }
        let isEnded =
            switch Timeline(transcript, scenario: result.scenario).end {
            case .finished, .truncated, .reset: true
            default: false
            }
        guard let close = facts.close else { return isEnded ? .endsTCP : .silent }
        return isEnded ? .clean(code: close.code) : .waits(code: close.code)
    }
}
