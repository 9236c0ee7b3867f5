@sut:server
Feature: INVITE requests of the Controlling Function

  Rule: The INVITE to each user is the controlling function's own (7.2.2.1)

    @7.2.2.1-0 @7.2.2.1-1 @7.2.2.1-2 @7.2.2.1-3 @7.2.2.1-4 @7.2.2.1-4a @7.2.2.1-5 @7.2.2.1-6a @7.2.2.1-6b @7.2.2.1-6c @7.2.2.1-7 @7.2.2.1-8 @7.2.2.1-10
    Scenario: users on the list are invited by the focus
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, altered so:
        | P-Preferred-Identity | "Alice in Wonderland" <{Alice}> |
      Then Bob and Ted are each invited

    @7.2.2.1-2 @7.2.2.1-4a @14.3-p3
    Scenario: one user on the list is invited by the inviting user, and nobody else is
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob
      Then Bob is invited

    @7.2.2.1-4b @7.2.2.1-5 @7.2.2.1-6a @7.2.2.1-11
    Scenario: members of a group are invited by the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

    @7.2.2.1-9
    Scenario: users are invited by somebody who hides
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, altered so:
        | Privacy | id |
      Then Bob and Ted are each invited

  Rule: The session timer runs from the 200 of the invited user on (7.2.2.1)

    @slow @7.2.2.1-200-1 @set:proxy-mode
    Scenario: an invited user does not refresh the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob does not refresh sessions
      And Bob accepts invitations, altered so:
        | Session-Expires | 90;refresher=uas |
        | Require         | timer            |
      When Alice starts an ad-hoc session with Bob and Ted
      Then Alice, Bob and Ted are all in the session
      And Bob is released from the session within 100 seconds

  Rule: The display name of an invited user is picked in the order of 5.5 (7.2.2.1)

    @7.2.2.1-200-2 @set:proxy-mode
    Scenario: an invited user has several names
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob accepts invitations, altered so:
        | To                   | "Robert" <{Bob}> |
        | P-Preferred-Identity | "Bobby" <{Bob}>  |
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice subscribes to the participants
      Then Alice is notified of the participants

    @7.2.2.1-200-2
    Scenario: a group has a name of its own for an invited user
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule         | value   | for |
        | display-name | Builder | Bob |
      And Bob accepts invitations, altered so:
        | To | "Robert" <{Bob}> |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice subscribes to the participants
      Then Alice is notified of the participants
