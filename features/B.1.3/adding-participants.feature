@B.1.3 @sut:server
Feature: The Controlling Function adds users to a session when a participant asks for it

  @IMSpec-SMM-S-011 @M
  Rule: A REFER of a participant is checked, answered, and carried out (7.2.1.7)

    @7.2.1.7-1a @7.2.1.7-3 @7.2.1.7-3a @7.2.1.7-4a @7.2.1.7-5 @7.2.1.7-6 @7.2.1.7-7b @7.2.1.7-8 @7.2.1.7-9 @7.2.2.1-4a @7.2.2.1-5
    Scenario: one user is added
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session
      Then Carol is in the session

    @7.2.1.7-3 @7.2.1.7-3b @7.2.1.7-5 @7.2.1.7-6 @7.2.1.7-8 @7.2.1.7-9 @7.2.2.1-4b
    Scenario: several users are added
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule          | value | for    |
        | join-handling | true  | others |
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted and Carol to the session
      Then Ted and Carol are each invited

    @7.2.1.7-7a @7.2.1.7-10
    Scenario: the participant wants to know what comes of it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session, altered so:
        | Refer-Sub | true |
      Then Alice is told what came of the REFER

    @7.2.1.7-7a @7.2.1.7-10
    Scenario: the participant does not say whether it wants to know
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And Carol refuses invitations with 486
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session, altered so:
        | Refer-Sub |  |
      Then Alice is told what came of the REFER

    @7.2.1.7-7a
    Scenario: the participant does not want to know
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session
      Then Alice is not told what came of the REFER

    @7.2.1.7-403
    Scenario: whom the participant names is a conference itself
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And Carol refuses invitations as a conference of another focus does
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session, altered so:
        | Refer-Sub | true |
      Then Alice is told what came of the REFER

    @7.2.1.7-2
    Scenario: the participant hides from who is added
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session anonymously
      Then Carol is invited

    @7.2.1.7-1a @7.2.1.7-1b @7.2.1.7-1c
    Scenario: who has left adds nobody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      Then Ted is out of the session
      When Ted adds Carol to the session

    @7.2.1.7-1b
    Scenario: who takes part in another session adds nobody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Dora, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Dora
      And a running ad-hoc session of Ted and Carol
      When Ted adds Carol to the session of Alice

    @7.2.1.7-1a @7.2.1.7-1b @7.2.1.7-1c
    Scenario: a member whom the group lets add nobody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                           | value | for |
        | allow-invite-users-dynamically | false | Bob |
        | join-handling                  | true  | others |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Bob adds Carol to the session

    @7.2.1.7-1a @7.2.1.7-5 @7.2.1.7-9
    Scenario: a member whom the group lets add others
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule          | value | for    |
        | join-handling | true  | others |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Bob adds Carol to the session
      Then Carol is invited

    @7.2.1.7-4a @7.2.1.7-4b @7.2.1.7-4c
    Scenario: more users than may take part
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol and more users than may take part
      Then Carol is not invited

    @7.2.1.7-5 @7.2.1.7-9
    Scenario: two participants add users at the same time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule          | value | for    |
        | join-handling | true  | others |
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session while Bob adds Carol
      Then Ted is in the session
      And Carol is in the session

    @7.2.1.7-5
    Scenario: a participant leaves while another adds a user
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session while Bob leaves it
      Then Carol is in the session
