import WSJudge

extension Report {
    /// Masks credentials in everything that names the peer or may come from it.
    mutating func mask(_ credentials: Credentials) {
        peer.name = credentials.masked(peer.name)
        peer.url = credentials.masked(peer.url)
        footer.reason = footer.reason.map(credentials.masked)
    }
}

extension Report.Case {
    /// Masks credentials in everything that may come from the peer.
    mutating func mask(_ credentials: Credentials) {
        reason = credentials.masked(reason)
        for index in findings.indices { findings[index].reason = credentials.masked(findings[index].reason) }
        for index in wire.indices { wire[index].text = credentials.masked(wire[index].text) }
        if let sanitizer = target?.sanitizer { target?.sanitizer = credentials.masked(sanitizer) }
        guard var result = autobahn else { return }
        result.httpRequest = credentials.masked(result.httpRequest)
        result.httpResponse = credentials.masked(result.httpResponse)
        result.remoteCloseReason = result.remoteCloseReason.map(credentials.masked)
        result.localCloseReason = result.localCloseReason.map(credentials.masked)
        result.wasNotCleanReason = result.wasNotCleanReason.map(credentials.masked)
        result.received = result.received.map { $0.map(credentials.masked) }
        autobahn = result
    }
}
