/// What a peer did, as a word that stays the same: with a requirement and a side it names a cause.
///
/// This is the closed list. A raw value never changes its meaning and is never used again for another one: baselines
/// and comparisons of runs refer to it. A sentence for people stands in the finding; it quotes the peer, so it differs.
///
/// Findings of some rules have a kind, which is the name of the broken rule in the codec; for the keys of
/// which ``isFamily`` is true, that name follows the raw value, as in `sent-reserved-bits`.
package enum ReasonKey: String, Sendable, Hashable, Codable, CaseIterable {
    // MARK: Handshake answers of a server

    /// Accepted a handshake that it has to refuse.
    case accepted
    /// Accepted a handshake whose method is not GET.
    case acceptedOtherMethod = "accepted-other-method"
    /// Accepted a handshake whose HTTP version is not 1.1 or higher.
    case acceptedOtherHTTPVersion = "accepted-other-http-version"
    /// Accepted a Sec-WebSocket-Version other than 13.
    case acceptedOtherVersion = "accepted-other-version"
    /// Accepted a handshake without Sec-WebSocket-Version.
    case acceptedWithoutVersion = "accepted-without-version"
    /// Accepted a handshake without Sec-WebSocket-Key.
    case acceptedWithoutKey = "accepted-without-key"
    /// Accepted an empty Sec-WebSocket-Key.
    case acceptedEmptyKey = "accepted-empty-key"
    /// Accepted a handshake whose Connection does not name Upgrade.
    case acceptedWithoutConnection = "accepted-without-connection"
    /// Accepted a Sec-WebSocket-Protocol that is no list of tokens.
    case acceptedMalformedSubprotocols = "accepted-malformed-subprotocols"
    /// Accepted the handshake of a draft of the protocol.
    case acceptedDraft = "accepted-draft"
    /// Accepted what is no handshake.
    case acceptedNoHandshake = "accepted-no-handshake"
    /// Accepted a handshake that had not come to its end.
    case acceptedHalfHandshake = "accepted-half-handshake"
    /// Accepted the handshake and left the Ping behind it unanswered.
    case acceptedAndFellSilent = "accepted-and-fell-silent"
    /// Read the content of the request as frames, or frames as content.
    case tookContentForFrames = "took-content-for-frames"
    /// Agreed to an extension in a form that had to be declined.
    case agreedToInvalidOffer = "agreed-to-invalid-offer"
    /// Accepted the handshake and closed at once.
    case declinedByClose = "declined-by-close"
    /// Refused a handshake that is valid.
    case refused
    /// Refused a handshake with a cookie.
    case refusedCookie = "refused-cookie"
    /// Refused a handshake over an extension that it could have declined.
    case refusedValidOffer = "refused-valid-offer"
    /// Refused a handshake over an offer that it should have declined.
    case refusedInvalidOffer = "refused-invalid-offer"
    /// Refused a handshake without extensions.
    case refusedWithoutExtensions = "refused-without-extensions"
    /// Refused a parameter whose value is in quotes.
    case refusedQuotedValue = "refused-quoted-value"
    /// Refused a valid Sec-WebSocket-Key.
    case refusedKey = "refused-key"
    /// Refused a handshake over the case or the order of its fields.
    case refusedOtherOrder = "refused-other-order"
    /// Refused an Upgrade in another case.
    case refusedUpgradeCase = "refused-upgrade-case"
    /// Refused a list of extensions in another valid form.
    case refusedListForm = "refused-list-form"
    /// Refused a Connection that names Upgrade among others.
    case refusedConnectionList = "refused-connection-list"
    /// Refused a handshake over fields that it does not know.
    case refusedUnknownFields = "refused-unknown-fields"
    /// Refused a head over the pieces in which it came.
    case refusedInPieces = "refused-in-pieces"
    /// Refused the ordinary handshake.
    case refusedOrdinary = "refused-ordinary"
    /// Ended the connection without answering the handshake.
    case endedWithoutAnswer = "ended-without-answer"
    /// Neither answered the handshake nor ended the connection.
    case leftUnanswered = "left-unanswered"
    /// Answered the handshake with something that is not HTTP.
    case answeredNoHTTP = "answered-no-http"
    /// Ended or stopped before its answer to the handshake was complete.
    case answerCutShort = "answer-cut-short"
    /// Refused the handshake with another status than the one for it.
    case otherStatus = "other-status"
    /// Left the connection open behind a request whose end is not known.
    case connectionLeftOpen = "connection-left-open"

    // MARK: What a client makes of an answer

    /// Accepted an answer that it has to refuse.
    case acceptedResponse = "accepted-response"
    /// Accepted an answer that does not begin with HTTP/1.1 101.
    case acceptedOtherStatusLine = "accepted-other-status-line"
    /// Took another status than 101 for a WebSocket connection.
    case acceptedOtherStatus = "accepted-other-status"
    /// Accepted an answer with two subprotocols.
    case acceptedTwoSubprotocols = "accepted-two-subprotocols"
    /// Accepted an answer with two values of Sec-WebSocket-Accept.
    case acceptedTwoAccepts = "accepted-two-accepts"
    /// Accepted client_max_window_bits, which it had not offered.
    case acceptedUnofferedWindow = "accepted-unoffered-window"
    /// Accepted one extension twice in an answer.
    case acceptedExtensionTwice = "accepted-extension-twice"
    /// Refused an answer that is valid.
    case refusedResponse = "refused-response"
    /// Refused an answer with a long field.
    case refusedLongField = "refused-long-field"
    /// Refused an answer that took its time.
    case refusedSlowResponse = "refused-slow-response"
    /// Refused an answer over blanks around a value.
    case refusedBlanks = "refused-blanks"
    /// Refused a parameter that an answer may have unasked.
    case refusedUnaskedParameter = "refused-unasked-parameter"
    /// Refused client_max_window_bits=15, which limits nothing.
    case refusedWidestWindow = "refused-widest-window"
    /// Refused a subprotocol that it had asked for.
    case refusedSubprotocol = "refused-subprotocol"
    /// Took the handshake for accepted and left the Ping behind it unanswered.
    case fellSilentOnAnswer = "fell-silent-on-answer"
    /// Showed nothing of what it made of the answer.
    case reactionUnseen = "reaction-unseen"
    /// Sent another request behind the answer.
    case askedAgain = "asked-again"
    /// Never connected.
    case neverConnected = "never-connected"
    /// Sent a Close frame over an answer that it refused.
    case closedUnopened = "closed-unopened"

    // MARK: What comes back

    /// Went on after a violation that has to fail the connection.
    case wentOnAfterViolation = "went-on-after-violation"
    /// Answered a Ping with other octets than it had.
    case pongPayloadWrong = "pong-payload-wrong"
    /// Left a Ping unanswered.
    case noPong = "no-pong"
    /// Closed the connection where a Pong was due.
    case closedInsteadOfPong = "closed-instead-of-pong"
    /// Ended the TCP connection where a Pong was due.
    case endedInsteadOfPong = "ended-instead-of-pong"
    /// Did not deliver a message that is valid.
    case noEcho = "no-echo"
    /// Closed the connection where the echo of a valid message was due.
    case closedInsteadOfEcho = "closed-instead-of-echo"
    /// Ended the TCP connection where the echo of a valid message was due.
    case endedInsteadOfEcho = "ended-instead-of-echo"
    /// Delivered another message than was sent.
    case echoWrong = "echo-wrong"
    /// Sent something else than what was due.
    case sentSomethingElse = "sent-something-else"
    /// Sent something where nothing was due.
    case answeredUnasked = "answered-unasked"
    /// Answered everything, but late.
    case answeredLate = "answered-late"
    /// Made progress for as long as the whole conversation may take.
    case tookTooLong = "took-too-long"
    /// Answered a Ping later than it could have.
    case pongLate = "pong-late"
    /// Answered only the more recent of several Pings.
    case pongsLeftOut = "pongs-left-out"
    /// Failed the connection before it had answered what came before.
    case failedBeforeAnswering = "failed-before-answering"
    /// Failed the connection only at the end of the message.
    case failedLate = "failed-late"
    /// Failed the connection over a message that could still become valid.
    case failedTooEarly = "failed-too-early"
    /// Delivered a frame or message that was not complete.
    case deliveredIncomplete = "delivered-incomplete"
    /// Delivered a message that is larger than its limit.
    case deliveredTooLarge = "delivered-too-large"
    /// Delivered another message than was sent, instead of refusing it.
    case deliveredOther = "delivered-other"
    /// Answered what came behind a Close frame.
    case answeredBehindClose = "answered-behind-close"
    /// Took a length that is not in its shortest form.
    case longerLengthTaken = "longer-length-taken"

    // MARK: How it ended

    /// Ended the connection with a code that does not name the error.
    case closeCodeOther = "close-code-other"
    /// Sent a code that is never sent.
    case closeCodeNeverSent = "close-code-never-sent"
    /// Took a code without a meaning for a normal one.
    case reservedCodeTaken = "reserved-code-taken"
    /// Closed with the code of an error where nothing had gone wrong.
    case errorReportedUnasked = "error-reported-unasked"
    /// Closed a connection on which nothing had gone wrong.
    case closedUnasked = "closed-unasked"
    /// Ended the TCP connection without a Close frame.
    case endedWithoutClose = "ended-without-close"
    /// Answered Close with another code than it received.
    case closeAnsweredOtherwise = "close-answered-otherwise"
    /// Ended the TCP connection without answering Close.
    case closeUnanswered = "close-unanswered"
    /// Did not react to a Close frame.
    case closeIgnored = "close-ignored"
    /// Kept a connection that had been ended.
    case keptOpen = "kept-open"
    /// Did not check that the reason of a Close frame is UTF-8.
    case closeReasonUnchecked = "close-reason-unchecked"
    /// Answered a malformed Close frame like a normal one.
    case malformedCloseTaken = "malformed-close-taken"
    /// Reset the connection, perhaps over what was sent behind Close.
    case resetUnclear = "reset-unclear"
    /// Gave a reason with its Close frame that its application had not given.
    case closeReasonAdded = "close-reason-added"
    /// Sent another reason with its Close frame than its application had given.
    case closeReasonOther = "close-reason-other"
    /// Sent a second Close frame.
    case secondClose = "second-close"
    /// Answered Close more than a second later.
    case closeAnsweredLate = "close-answered-late"
    /// Ended TCP with a reset.
    case tcpReset = "tcp-reset"
    /// Left TCP open after both Close frames.
    case tcpLeftOpen = "tcp-left-open"
    /// Neither read nor ended TCP after it had failed the connection.
    case tcpKeptAfterFailing = "tcp-kept-after-failing"
    /// Closed TCP more than a second after both Close frames.
    case tcpClosedLate = "tcp-closed-late"
    /// Ended TCP before the server did.
    case endedFirst = "ended-first"

    // MARK: Limits, load and survival

    /// Stopped serving, or its process ended.
    case targetDied = "target-died"
    /// Refused a message over its size.
    case limitStated = "limit-stated"
    /// Refused in fragments what it takes in one frame.
    case fragmentsRefused = "fragments-refused"
    /// Refused a type of message.
    case typeRefused = "type-refused"
    /// Left others unanswered while one connection was slow.
    case othersUnserved = "others-unserved"
    /// Needed more memory than the stimulus accounts for.
    case memoryGrew = "memory-grew"
    /// Kept the processor busy with next to nothing to do.
    case processorBusy = "processor-busy"
    /// Could not be measured.
    case usageUnknown = "usage-unknown"
    /// Took far more than twice as long for twice as much.
    case costGrows = "cost-grows"

    // MARK: What the peer sends

    /// Sent a frame that breaks a rule.
    case sent
    /// Compressed a message otherwise than was agreed.
    case compressed
    /// Answered the handshake, or asked, with a head that breaks a rule.
    case handshake
    /// Wrote a head that is not HTTP.
    case http
    /// Agreed to an extension with parameters that break a rule.
    case agreed
    /// Offered an extension with parameters that break a rule.
    case offered
    /// Sent an interim response to a client of HTTP/1.0.
    case interimToOldClient = "interim-to-old-client"
    /// Sent a list with an empty element.
    case emptyListElement = "empty-list-element"
    /// Sent a field with a single value several times.
    case fieldRepeated = "field-repeated"
    /// Sent Upgrade without the option upgrade in Connection.
    case upgradeWithoutConnection = "upgrade-without-connection"
    /// Answered 426 without Upgrade.
    case refusedWithoutUpgrade = "refused-without-upgrade"
    /// Answered 405 without Allow.
    case refusedWithoutAllow = "refused-without-allow"
    /// Answered 401 without WWW-Authenticate.
    case refusedWithoutChallenge = "refused-without-challenge"
    /// Refused a version without saying which one it speaks.
    case refusedWithoutVersion = "refused-without-version"
    /// Said close and left the connection open.
    case leftOpenDespiteClose = "left-open-despite-close"
    /// Left the connection open behind a response without a length.
    case leftOpenWithoutLength = "left-open-without-length"
    /// Redirected without Location.
    case redirectedWithoutLocation = "redirected-without-location"
    /// Answered without Date.
    case dateMissing = "date-missing"
    /// Switched protocols without the 100 that the client waits for.
    case noContinue = "no-continue"
    /// Accepted the handshake before its end had come.
    case acceptedEarly = "accepted-early"
    /// Answered in a version of HTTP that is not spoken in text.
    case answeredInOtherVersion = "answered-in-other-version"
    /// Agreed to an extension that does not exist.
    case agreedToUnknownExtension = "agreed-to-unknown-extension"
    /// Listed a version that is none.
    case versionListed = "version-listed"
    /// Answered a Pong with a Pong.
    case answeredPong = "answered-pong"
    /// Did not agree to compression.
    case noCompression = "no-compression"
    /// Agreed to smaller windows than the case needs.
    case smallWindow = "small-window"
    /// Agreed to messages without earlier ones only.
    case noContext = "no-context"

    // MARK: Requests of a client

    /// Sent no opening handshake.
    case noRequest = "no-request"
    /// Ended or stopped before its opening handshake was complete.
    case requestCutShort = "request-cut-short"
    /// Sent a request that is no opening handshake.
    case noHandshakeAsked = "no-handshake-asked"
    /// Was not made to do what the case needs.
    case driverUndone = "driver-undone"
    /// Sent a request without a request line.
    case noRequestLine = "no-request-line"
    /// Asked with another method than GET.
    case otherMethod = "other-method"
    /// Asked in a version of HTTP that has no Upgrade.
    case askedInOldVersion = "asked-in-old-version"
    /// Asked in a version of HTTP that is not spoken here.
    case askedInOtherVersion = "asked-in-other-version"
    /// Sent a fragment in the target.
    case targetWithFragment = "target-with-fragment"
    /// Sent octets in the target that are to be escaped.
    case targetNotEscaped = "target-not-escaped"
    /// Sent a target that is neither a path nor an address.
    case targetNoPath = "target-no-path"
    /// Asked a server for the whole address.
    case targetWhole = "target-whole"
    /// Dropped the query of its address.
    case queryDropped = "query-dropped"
    /// Dropped the path of its address.
    case pathDropped = "path-dropped"
    /// Asked for another target than the address has.
    case targetChanged = "target-changed"
    /// Wrote Sec-WebSocket-Version with a leading zero.
    case versionWithZero = "version-with-zero"
    /// Sent a Sec-WebSocket-Version that is no number.
    case versionNoNumber = "version-no-number"
    /// Named a user in Host.
    case hostWithUser = "host-with-user"
    /// Left the port out of Host.
    case hostWithoutPort = "host-without-port"
    /// Did not send Host first.
    case hostNotFirst = "host-not-first"
    /// Announced content with a GET.
    case contentWithGet = "content-with-get"
    /// Sent an Origin that is none.
    case originMalformed = "origin-malformed"
    /// Offered an extension that is not registered.
    case extensionUnregistered = "extension-unregistered"
    /// Sent frames before its handshake was answered.
    case sentBeforeAnswer = "sent-before-answer"
    /// Sent the same Sec-WebSocket-Key again.
    case keyRepeated = "key-repeated"
    /// Masked all frames with one key.
    case maskingKeyConstant = "masking-key-constant"
    /// Masked frames with keys that it had used before.
    case maskingKeyRepeated = "masking-key-repeated"
    /// Masked frames with a key of zeros.
    case maskingKeyZero = "masking-key-zero"
    /// Derived each masking key from the one before.
    case maskingKeyCounted = "masking-key-counted"
    /// Masked with keys whose bits are not random.
    case maskingKeyBiased = "masking-key-biased"

    // MARK: TLS

    /// Did not finish the handshake of TLS, or ended it.
    case securityRefused = "security-refused"
    /// Accepted in the clear what has to go through TLS.
    case acceptedInTheClear = "accepted-in-the-clear"
    /// Went on with a certificate that cannot be verified, or without TLS.
    case acceptedCertificate = "accepted-certificate"
    /// Named no server, or another one.
    case serverNameMissing = "server-name-missing"
    /// Named an address as the server.
    case serverNameAddress = "server-name-address"
    /// Ended TCP without close_notify.
    case closureAlertMissing = "closure-alert-missing"
    /// Spoke HTTP/1.1 where another application protocol was chosen.
    case otherProtocolSpoken = "other-protocol-spoken"

    // MARK: HTTP/2

    /// Sent a frame of HTTP/2 that breaks a rule.
    case http2
    /// Reset the stream.
    case streamReset = "stream-reset"
    /// Ended the whole connection over what concerns one stream.
    case connectionEnded = "connection-ended"
    /// Left SETTINGS or PING of HTTP/2 unanswered.
    case acknowledgmentMissing = "acknowledgment-missing"
    /// Accepted a request over HTTP/2 that is malformed.
    case acceptedMalformedRequest = "accepted-malformed-request"

    // MARK: No conversation

    /// Could not be judged without a connection.
    case unopened
    /// Said that it was too busy.
    case busy
    /// Could not be connected to.
    case unreachable
}
