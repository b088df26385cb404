package import WSScenario

extension AutobahnVerdict {
    /// The verdict on a case that was not played, because the peer lacks the optional feature that it is about.
    ///
    /// Autobahn opens the connection, closes it with 1000 at once and calls the case unimplemented.
    package static func unimplemented(_ test: AutobahnCase) -> Self {
        var verdict = AutobahnVerdict(
            number: test.number,
            behavior: "UNIMPLEMENTED",
            behaviorClose: "OK",
            expectedClose: ExpectedClose(
                closedByMe: test.closedByTester,
                closeCode: test.closeCodes,
                requireClean: test.requiresCleanClose
            )
        )
        verdict.closedByMe = true
        verdict.wasClean = true
        verdict.localCloseCode = 1000
        verdict.remoteCloseCode = 1000
        return verdict
    }
}
